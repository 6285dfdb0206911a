namespace Pressure.TrafficCopy;

/// <summary>An answer where it lies, before it is copied.</summary>
/// <param name="head">As in <see cref="CapturedMessage.Head"/>.</param>
/// <param name="body">As in <see cref="CapturedMessage.Body"/>.</param>
/// <param name="bodyLength">How long the body was, kept or not.</param>
/// <param name="isMasked">Whether something in it was masked (<see cref="ExchangeMarks.Masked"/>): what was is not compared.</param>
public readonly ref struct AnswerBytes(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, long bodyLength, bool isMasked = false)
{
    /// <summary>Start line and fields.</summary>
    public ReadOnlySpan<byte> Head { get; } = head;

    /// <summary>The body, or what was kept of it.</summary>
    public ReadOnlySpan<byte> Body { get; } = body;

    /// <summary>How long the body was.</summary>
    public long BodyLength { get; } = bodyLength;

    /// <summary>Whether something in it was masked.</summary>
    public bool IsMasked { get; } = isMasked;

    internal int Length => Head.Length + Body.Length;

    /// <summary>Of a message.</summary>
    public static AnswerBytes Of(in CapturedMessage message, bool isMasked = false) => new(message.Head.Span, message.Body.Span, message.BodyLength, isMasked);
}
