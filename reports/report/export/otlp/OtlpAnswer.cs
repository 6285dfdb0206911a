using System.Text;

namespace Pressure.Reports.Export;

/// <summary>Reads OpenTelemetry's <c>ExportMetricsServiceResponse</c>: how many points were rejected, and why.</summary>
internal static class OtlpAnswer
{
    private const int Bytes = 2;

    /// <summary>What can't be read rejects nothing: the status has said that it went well.</summary>
    public static SendOutcome Read(ReadOnlySpan<byte> message)
    {
        var (rejected, why) = (0L, "");
        if (Field(message, 1) is { } partial && partial.Length > 0)
        {
            var text = message.Slice(partial.Start, partial.Length);
            rejected = Number(text, 1);
            why = Field(text, 2) is { } words ? Encoding.UTF8.GetString(text.Slice(words.Start, words.Length)) : "";
        }
        return new SendOutcome.Taken(Math.Max(0, rejected), new MetricTag("", why).Value);
    }

    private static (int Start, int Length)? Field(ReadOnlySpan<byte> message, int wanted)
    {
        for (var at = 0; at < message.Length;)
        {
            if (!Varint(message, ref at, out var tag) || !Value(message, ref at, tag, out var value))
                return null;
            if (tag >> 3 == (ulong)wanted && (tag & 7) == Bytes)
                return (at - (int)value, (int)value);
        }
        return null;
    }

    private static long Number(ReadOnlySpan<byte> message, int wanted)
    {
        for (var at = 0; at < message.Length;)
        {
            if (!Varint(message, ref at, out var tag) || !Value(message, ref at, tag, out var value))
                return 0;
            if (tag == (ulong)wanted << 3)
                return (long)value;
        }
        return 0;
    }

    /// <summary>Steps over a value; of a varint gives the number, of bytes their length.</summary>
    private static bool Value(ReadOnlySpan<byte> message, ref int at, ulong tag, out ulong value)
    {
        value = 0;
        switch (tag & 7)
        {
            case 0:
                return Varint(message, ref at, out value);
            case 1:
                at += 8;
                return at <= message.Length;
            case Bytes:
                if (!Varint(message, ref at, out value) || value > (ulong)(message.Length - at))
                    return false;
                at += (int)value;
                return true;
            case 5:
                at += 4;
                return at <= message.Length;
            default:
                return false;
        }
    }

    private static bool Varint(ReadOnlySpan<byte> message, ref int at, out ulong value)
    {
        value = 0;
        for (var shift = 0; at < message.Length && shift < 64; shift += 7)
        {
            var part = message[at++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
                return true;
        }
        return false;
    }
}
