namespace Pressure.LoadGen;

/// <summary>Bytes as text.</summary>
internal static class BytesText
{
    /// <summary>As base64, at least one byte.</summary>
    public static Complaint? Base64(string text, out byte[] value)
    {
        value = new byte[text.Length];
        if (!Convert.TryFromBase64String(text.Trim(), value, out var length) || length == 0)
            return new($"'{Shown.Of(text)}' is not base64", "Write bytes such as aGVsbG8=.");
        value = value[..length];
        return null;
    }

    /// <summary>As hexadecimal digits, with spaces as one likes; at least one byte.</summary>
    public static Complaint? Hex(string text, out byte[] value)
    {
        value = [];
        var digits = string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
        if (digits.Length == 0 || digits.Length % 2 != 0 || !digits.All(char.IsAsciiHexDigit))
            return new($"'{Shown.Of(text)}' is not pairs of hexadecimal digits", "Write bytes such as 0d 0a, in quotes.");
        value = Convert.FromHexString(digits);
        return null;
    }
}
