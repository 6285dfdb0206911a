using System.Buffers.Text;

namespace Pressure.TrafficCopy;

/// <summary>Masks passwords of Redis in raw TCP: what follows AUTH, also within HELLO, in its usual notation and as a plain line. Lengths stay.</summary>
internal static class RespSecrets
{
    /// <summary>Masks in place and gives how many.</summary>
    public static int Mask(Span<byte> bytes)
    {
        if (bytes is not [(byte)'*', ..])
            return MaskLine(bytes);
        var (masked, at, hide) = (0, 0, false);
        while (at < bytes.Length)
        {
            var end = bytes[at..].IndexOf((byte)'\n');
            if (end < 0)
                break;
            var line = bytes.Slice(at, end).TrimEnd((byte)'\r');
            at += end + 1;
            if (line is [(byte)'*', ..])
                hide = false;
            if (line is not [(byte)'$', ..] || !Utf8Parser.TryParse(line[1..], out int length, out _) || length < 0)
                continue;
            var word = bytes[at..][..Math.Min(length, bytes.Length - at)];
            at += word.Length;
            if (hide)
            {
                word.Fill((byte)'*');
                masked++;
            }

            hide |= IsAuth(word);
        }

        return masked;
    }

    private static int MaskLine(Span<byte> bytes)
    {
        if (bytes.Length < 6 || !IsAuth(bytes[..4]) || bytes[4] != ' ')
            return 0;
        var end = bytes.IndexOfAny((byte)'\r', (byte)'\n');
        bytes[5..(end < 0 ? bytes.Length : Math.Max(5, end))].Fill((byte)'*');
        return 1;
    }

    private static bool IsAuth(ReadOnlySpan<byte> word) => System.Text.Ascii.EqualsIgnoreCase(word, "auth"u8);
}
