using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;

namespace Pressure.Cluster;

/// <summary>Writes values of answers so that they are safe where they go: what a target answers must not become another request.</summary>
internal static class SlotText
{
    private static readonly SearchValues<byte> Unreserved = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"u8);

    private static readonly SearchValues<byte> InPath =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/!$&'()*+,;=:@%"u8);

    private static readonly SearchValues<byte> InQuery =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/!$&'()*+,;=:@%?[]{}|^`"u8);

    private static readonly SearchValues<byte> OutOfField = SearchValues.Create([.. Enumerable.Range(0, 0x20).Where(b => b != '\t').Select(b => (byte)b), 0x7F]);

    /// <summary>Writes a value in a form.</summary>
    /// <param name="value">The value.</param>
    /// <param name="form">How.</param>
    /// <param name="inTarget">Whether it goes into path or query.</param>
    /// <param name="to">Takes it.</param>
    public static void Write(scoped ReadOnlySpan<byte> value, SlotForm form, bool inTarget, ref RenderedBytes to)
    {
        switch (form)
        {
            case SlotForm.Url:
                WriteEscaped(value, Unreserved, ref to);
                break;
            case SlotForm.Path:
                WriteEscaped(value, InPath, ref to);
                break;
            case SlotForm.Raw when inTarget:
                WriteEscaped(value, InQuery, ref to);
                break;
            case SlotForm.Field:
                WriteField(value, ref to);
                break;
            case SlotForm.Json:
                to.Append(Encoding.UTF8.GetBytes(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(Encoding.UTF8.GetString(value))));
                break;
            default:
                to.Append(value);
                break;
        }
    }

    /// <summary>Writes a value into a header field, without what would end it.</summary>
    public static void WriteField(scoped ReadOnlySpan<byte> value, ref RenderedBytes to)
    {
        while (value.IndexOfAny(OutOfField) is >= 0 and var at)
        {
            to.Append(value[..at]);
            value = value[(at + 1)..];
        }

        to.Append(value);
    }

    private static void WriteEscaped(scoped ReadOnlySpan<byte> value, SearchValues<byte> plain, ref RenderedBytes to)
    {
        while (value.IndexOfAnyExcept(plain) is >= 0 and var at)
        {
            to.Append(value[..at]);
            to.Append([(byte)'%', "0123456789ABCDEF"u8[value[at] >> 4], "0123456789ABCDEF"u8[value[at] & 15]]);
            value = value[(at + 1)..];
        }

        to.Append(value);
    }
}
