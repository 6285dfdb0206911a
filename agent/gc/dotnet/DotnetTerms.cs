using System.Globalization;
using Pressure.Record;

namespace Pressure.Agent;

/// <summary>What a .NET runtime's numbers mean.</summary>
internal static class DotnetTerms
{
    // The runtime's enumeration of reasons, in its order and its words.
    private static readonly string[] Reasons =
    [
        "AllocSmall", "Induced", "LowMemory", "Empty", "AllocLarge", "OutOfSpaceSOH", "OutOfSpaceLOH", "InducedNotForced", "Internal",
        "InducedLowMemory", "InducedCompacting", "LowMemoryHost", "PMFullGC", "LowMemoryHostBlocking", "BgcTuningSOH", "BgcTuningLOH",
        "BgcStepping", "InducedAggressive",
    ];

    /// <summary>What was collected.</summary>
    public static GcKind Kind(int generation, bool background) => (generation, background) switch
    {
        (0, _) => GcKind.Gen0,
        (1, _) => GcKind.Gen1,
        (2, false) => GcKind.Gen2,
        (2, true) => GcKind.Gen2Background,
        _ => GcKind.Unknown,
    };

    /// <summary>Why.</summary>
    public static string Reason(int reason) =>
        reason >= 0 && reason < Reasons.Length ? Reasons[reason] : reason.ToString(CultureInfo.InvariantCulture);
}
