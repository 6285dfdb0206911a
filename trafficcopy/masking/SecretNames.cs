namespace Pressure.TrafficCopy;

/// <summary>Tells names (of header fields, parameters, fields of forms and JSON) that promise a secret.</summary>
public static class SecretNames
{
    private const int Longest = 128;

    private static readonly byte[][] Parts =
    [
        .. new[]
        {
            "password", "passwd", "passphrase", "passcode", "secret", "token", "apikey", "accesskey", "privatekey", "authorization", "credential", "session", "signature",
            "jwt", "csrf", "xsrf", "cardnumber", "creditcard", "securitycode",
        }.Select(System.Text.Encoding.ASCII.GetBytes),
    ];

    private static readonly byte[][] Wholes =
        [.. new[] { "pwd", "pass", "auth", "sid", "sig", "pin", "otp", "phpsessid", "cvv", "cvc", "iban", "ssn", "authenticationinfo", "cookie2", "setcookie2" }.Select(System.Text.Encoding.ASCII.GetBytes)];

    /// <summary>Whether a name promises one. Case and everything but letters and digits do not matter: <c>user[new_Password]</c>, <c>userPin</c>.</summary>
    public static bool Is(ReadOnlySpan<byte> name)
    {
        Span<byte> plain = stackalloc byte[Longest];
        var (length, lastWord) = (0, 0);
        var before = (byte)0;
        foreach (var letter in name)
        {
            var isUpper = letter is >= (byte)'A' and <= (byte)'Z';
            // Short words are secrets only where they are the last: a pin is one, a pinboard none.
            if (!char.IsAsciiLetterOrDigit((char)before) || (isUpper && before is >= (byte)'a' and <= (byte)'z'))
                lastWord = char.IsAsciiLetterOrDigit((char)letter) ? length : lastWord;
            before = letter;
            if (!char.IsAsciiLetterOrDigit((char)letter))
                continue;
            // Nobody calls a field like this; a secret in it would be one for sure.
            if (length == Longest)
                return true;
            plain[length++] = (byte)(isUpper ? letter + 32 : letter);
        }

        plain = plain[..length];
        // max_tokens and the like are amounts.
        return !plain.EndsWith("tokens"u8) && (IsOneOf(plain) || IsOneOf(plain[lastWord..]) || Contains(plain));
    }

    private static bool IsOneOf(ReadOnlySpan<byte> name)
    {
        foreach (var whole in Wholes)
        {
            if (name.SequenceEqual(whole))
                return true;
        }

        return false;
    }

    private static bool Contains(ReadOnlySpan<byte> name)
    {
        foreach (var part in Parts)
        {
            if (name.IndexOf(part) >= 0)
                return true;
        }

        return false;
    }
}
