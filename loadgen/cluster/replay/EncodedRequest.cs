using Pressure.LoadGen;
using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>
/// A captured request as the bytes that go out, encoded once for all its copies. What differs from copy to copy has its place:
/// <code>
/// GET /cart?token=abc HTTP/1.1        values of earlier answers: <see cref="Slots"/>
/// Host: ... Accept: ... X-Token: abc
/// Cookie: sid=1                       the client's cookies: <see cref="CookieAt"/>
/// X-Pressure-Run: ... baggage: ...
/// Content-Length: 12                  follows from the body: <see cref="LengthAt"/>
/// traceparent: 00-...                 of every send: <see cref="TraceAt"/>
///
/// token=abc&amp;x=1                       values again
/// </code>
/// Made and given back by the reader's thread, which alone counts who uses it; in between lanes read it.
/// </summary>
internal sealed class EncodedRequest
{
    private const int SmallBuffer = 1024;
    private const int LargestKept = 64 * 1024;

    /// <summary>The bytes; the first <see cref="Length"/> of them.</summary>
    public byte[] Buffer { get; private set; } = new byte[SmallBuffer];

    /// <summary>How many bytes it has.</summary>
    public int Length { get; set; }

    /// <summary>Which capture it comes from.</summary>
    public int Capture { get; set; }

    /// <summary>Its connection within the capture.</summary>
    public long Connection { get; set; }

    /// <summary>When it came, in nanoseconds from the beginning of its capture.</summary>
    public long Offset { get; set; }

    /// <summary>Its connection's last.</summary>
    public bool IsLast { get; set; }

    /// <summary>Position of its endpoint in the plan's requests.</summary>
    public int Endpoint { get; set; }

    /// <summary>Raw TCP: how many bytes are awaited; null for HTTP.</summary>
    public int? Awaited { get; set; }

    /// <summary>Redis: how many replies are awaited; null where bytes are counted.</summary>
    public int? AwaitedReplies { get; set; }

    /// <summary>The captured answer's status; 0 if there was none.</summary>
    public int ExpectedStatus { get; set; }

    /// <summary>Where path and query are.</summary>
    public Range Target { get; set; }

    /// <summary>Where the line with the cookies is, which may be empty; -1 when cookies are not the client's.</summary>
    public int CookieAt { get; set; } = -1;

    /// <summary>Length of that line with its end.</summary>
    public int CookieLength { get; set; }

    /// <summary>Where the digits of Content-Length are; -1 without.</summary>
    public int LengthAt { get; set; } = -1;

    /// <summary>How many digits.</summary>
    public int LengthDigits { get; set; }

    /// <summary>Where the traceparent's 55 bytes are; -1 for raw TCP.</summary>
    public int TraceAt { get; set; } = -1;

    /// <summary>Where the body begins.</summary>
    public int BodyAt { get; set; }

    /// <summary>Where values of earlier answers stand, in order.</summary>
    public List<ValueSlot> Slots { get; } = [];

    /// <summary>What its answer gives for later requests.</summary>
    public List<ExpectedValue> Expected { get; } = [];

    /// <summary>What of its answer is wanted.</summary>
    public AnswerParts Wanted { get; set; }

    /// <summary>Masked fields that were left out of it for good.</summary>
    public int LeftOut { get; set; }

    /// <summary>The captured exchange, kept for comparing; null unless answers are compared.</summary>
    public CapturedExchange? Captured { get; set; }

    /// <summary>How many still use it; counted by the reader alone.</summary>
    public int Users { get; set; }

    /// <summary>Whether it goes out as it is for those who have learnt nothing.</summary>
    public bool IsFixed { get; set; } = true;

    /// <summary>A copy that lasts.</summary>
    public EncodedRequest Keep()
    {
        var kept = new EncodedRequest
        {
            Buffer = Buffer.AsSpan(0, Length).ToArray(),
            Length = Length,
            IsLast = IsLast,
            Endpoint = Endpoint,
            Awaited = Awaited,
            AwaitedReplies = AwaitedReplies,
            Target = Target,
            CookieAt = CookieAt,
            CookieLength = CookieLength,
            LengthAt = LengthAt,
            LengthDigits = LengthDigits,
            TraceAt = TraceAt,
            BodyAt = BodyAt,
            IsFixed = IsFixed,
        };
        kept.Slots.AddRange(Slots);
        kept.Expected.AddRange(Expected);
        return kept;
    }

    /// <summary>Forgets everything but the memory.</summary>
    public void Clear()
    {
        if (Buffer.Length > LargestKept)
            Buffer = new byte[SmallBuffer];
        (Length, Users, LeftOut, IsFixed, Captured) = (0, 0, 0, true, null);
        (Awaited, AwaitedReplies) = (null, null);
        BodyAt = 0;
        (CookieAt, LengthAt, TraceAt) = (-1, -1, -1);
        Slots.Clear();
        Expected.Clear();
    }

    /// <summary>Gives back memory that it has no use for: it is kept for long.</summary>
    public void Trim() => Buffer = Buffer.AsSpan(0, Length).ToArray();

    /// <summary>Adds bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Room for so many more bytes.</summary>
    public Span<byte> Room(int bytes)
    {
        if (Buffer.Length - Length < bytes)
        {
            var larger = new byte[Math.Max(Length + bytes, Math.Min(Buffer.Length * 2L, Array.MaxLength))];
            Buffer.AsSpan(0, Length).CopyTo(larger);
            Buffer = larger;
        }

        return Buffer.AsSpan(Length);
    }
}

/// <summary>Where in a request the value of an earlier answer stands.</summary>
/// <param name="At">Position.</param>
/// <param name="Length">How many bytes the captured value takes.</param>
/// <param name="Value">Number of the value among those of its client; of a <see cref="SlotForm.Line"/> the number of the rule.</param>
/// <param name="Form">How it is written there.</param>
internal readonly record struct ValueSlot(int At, int Length, int Value, SlotForm Form);

/// <summary>How a value is written.</summary>
internal enum SlotForm
{
    /// <summary>As it is.</summary>
    Raw,

    /// <summary>As it is, in a header field: without what would end it.</summary>
    Field,

    /// <summary>As it is, in a path: what a target can't hold is percent-encoded.</summary>
    Path,

    /// <summary>Percent-encoded.</summary>
    Url,

    /// <summary>As the inside of a JSON string.</summary>
    Json,

    /// <summary>A whole header field, made of a rule's template; gone when there is no value and the captured one was masked.</summary>
    Line,

    /// <summary>The same, of a field that was not masked: it stays when there is no value.</summary>
    PlainLine,
}

/// <summary>A value that an answer is to give.</summary>
/// <param name="Rule">By which rule.</param>
/// <param name="Value">Number among the values of its client; -1 when only rules with a template use it.</param>
internal readonly record struct ExpectedValue(int Rule, int Value);
