namespace Pressure.TrafficCopy;

/// <summary>What came of a live capture.</summary>
/// <param name="End">Why it ended.</param>
/// <param name="Packets">Packets handed on.</param>
/// <param name="Bytes">Their bytes, as captured.</param>
/// <param name="Problem">What broke it; null when nothing did.</param>
public sealed record LiveCaptureOutcome(LiveCaptureEnd End, long Packets, long Bytes, LiveCaptureProblem? Problem);

/// <summary>Why a live capture ended.</summary>
public enum LiveCaptureEnd
{
    /// <summary>It was told to.</summary>
    Stopped,

    /// <summary>It has captured as many packets as it was asked for.</summary>
    Packets,

    /// <summary>It has captured as many bytes.</summary>
    Bytes,

    /// <summary>It has captured for as long.</summary>
    Time,

    /// <summary>The interface went away, or something else broke it.</summary>
    Broken,
}

/// <summary>Why nothing can be captured.</summary>
/// <param name="What">What is wrong.</param>
/// <param name="Remedy">What can be done.</param>
public sealed record LiveCaptureProblem(string What, string Remedy)
{
    /// <inheritdoc/>
    public override string ToString() => $"{What} {Remedy}";
}

/// <summary>What came of opening an interface.</summary>
public abstract record LiveOpening
{
    private LiveOpening()
    {
    }

    /// <summary>It is open, and packets are being kept for whoever runs it.</summary>
    public sealed record Opened(LiveCapture Capture) : LiveOpening;

    /// <summary>It can't be.</summary>
    public sealed record Refused(LiveCaptureProblem Problem) : LiveOpening;
}
