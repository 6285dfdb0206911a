using System.Buffers;
using System.Globalization;

namespace Pressure.Cluster;

/// <summary>Writes a request as one client sends it: with its cookies and the values that it was given.</summary>
internal readonly ref struct RequestRenderer
{
    private readonly EncodedRequest _request;
    private readonly ReplayClient _client;
    private readonly CarryRules _rules;

    public RequestRenderer(EncodedRequest request, ReplayClient client, CarryRules rules) => (_request, _client, _rules) = (request, client, rules);

    private ReadOnlySpan<byte> Bytes => _request.Buffer.AsSpan(0, _request.Length);

    /// <summary>Writes it.</summary>
    /// <param name="trace">Value of traceparent.</param>
    /// <param name="now">The time of day.</param>
    /// <param name="to">Takes it.</param>
    /// <returns>How many values were put in, and how many masked ones left out.</returns>
    public (int Carried, int LeftOut) Write(ReadOnlySpan<byte> trace, DateTimeOffset now, IBufferWriter<byte> to)
    {
        var written = new RenderedBytes(to);
        var (carried, leftOut, at, slot) = (0, 0, 0, 0);
        var slots = _request.Slots;
        for (; slot < slots.Count && slots[slot].At < _request.BodyAt; slot++)
            at = WriteSlot(slots[slot], at, ref written, ref carried, ref leftOut);
        if (_request.CookieAt >= 0)
        {
            written.Append(Bytes[at.._request.CookieAt]);
            var path = RequestForm.PathOf(Bytes[_request.Target]);
            var cookies = (_client.Cookies ?? new()).Write(Bytes.Slice(_request.CookieAt, _request.CookieLength), path, now, ref written);
            (carried, leftOut) = (carried + cookies.Carried, leftOut + cookies.LeftOut);
            at = _request.CookieAt + _request.CookieLength;
        }

        at = WriteLength(at, slot, ref written);
        written.Append(Bytes[at.._request.TraceAt]);
        written.Append(trace);
        at = _request.TraceAt + trace.Length;
        for (; slot < slots.Count; slot++)
            at = WriteSlot(slots[slot], at, ref written, ref carried, ref leftOut);
        written.Append(Bytes[at..]);
        return (carried, leftOut);
    }

    private int WriteSlot(ValueSlot slot, int from, ref RenderedBytes to, ref int carried, ref int leftOut)
    {
        to.Append(Bytes[from..slot.At]);
        var captured = Bytes.Slice(slot.At, slot.Length);
        if (slot.Form is SlotForm.Line or SlotForm.PlainLine)
        {
            if (_client.Latest(slot.Value) is { } latest)
            {
                WriteLine(_rules.Into(slot.Value), latest, ref to);
                carried++;
            }
            else if (slot.Form == SlotForm.Line)
            {
                leftOut++;
            }
            else
            {
                to.Append(captured);
            }
        }
        else if (_client.Value(slot.Value) is { } value)
        {
            SlotText.Write(value, slot.Form, inTarget: slot.At < _request.Target.End.Value, ref to);
            carried++;
        }
        else
        {
            to.Append(captured);
        }

        return slot.At + slot.Length;
    }

    private static void WriteLine((byte[] Name, byte[] Before, byte[] After) into, ReadOnlySpan<byte> value, ref RenderedBytes to)
    {
        to.Append(into.Name);
        to.Append(": "u8);
        to.Append(into.Before);
        SlotText.WriteField(value, ref to);
        to.Append(into.After);
        to.Append("\r\n"u8);
    }

    /// <summary>The length that the body has with its values; <paramref name="slot"/> is the first one in it.</summary>
    private int WriteLength(int from, int slot, ref RenderedBytes to)
    {
        if (_request.LengthAt < 0 || slot == _request.Slots.Count)
            return from;
        var length = _request.Length - _request.BodyAt;
        for (; slot < _request.Slots.Count; slot++)
        {
            if (_client.Value(_request.Slots[slot].Value) is not { } value)
                continue;
            var counted = new RenderedBytes(null);
            SlotText.Write(value, _request.Slots[slot].Form, inTarget: false, ref counted);
            length += counted.Length - _request.Slots[slot].Length;
        }

        to.Append(Bytes[from.._request.LengthAt]);
        Span<byte> digits = stackalloc byte[12];
        length.TryFormat(digits, out var count, provider: CultureInfo.InvariantCulture);
        to.Append(digits[..count]);
        return _request.LengthAt + _request.LengthDigits;
    }
}
