using Pressure.TrafficCopy;

namespace Pressure.Cli.Capture;

/// <summary>A capture as it was asked for.</summary>
internal sealed record CaptureOrder
{
    public required IReadOnlyList<string> Files { get; init; }

    public required string To { get; init; }

    public required CaptureSourceOptions Sources { get; init; }

    public required FilterRules Filter { get; init; }

    public required MaskRules Masks { get; init; }

    /// <summary>The interface to capture on; null for files.</summary>
    public LiveCaptureOptions? Live { get; init; }

    public bool Compress { get; init; }
}
