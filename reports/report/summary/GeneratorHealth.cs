using System.Globalization;
using Pressure.Record;

namespace Pressure.Reports;

/// <summary>When the generator, not the target, is what saturated. One rule, used while a run goes on and in its summary.</summary>
/// <remarks>
/// A second is bad when 1 % of the sends were late by more than 50 ms, or by more than 10 ms while an event loop was busy for more
/// than 95 % of the second: either way its response times say more about the generator than about the target.
/// Three bad seconds in a row are saturation. One or two are a hiccup of the machine, which a run of any length may meet.
/// </remarks>
public static class GeneratorHealth
{
    /// <summary>Bad seconds in a row that make saturation.</summary>
    public const int BadSecondsInARow = 3;

    /// <summary>Lateness (99th percentile of a second) that is bad whatever the cause.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromMilliseconds(50);

    /// <summary>Lateness that is bad when an event loop is busier than <see cref="BusyLane"/>.</summary>
    public static readonly TimeSpan LateWhileBusy = TimeSpan.FromMilliseconds(10);

    /// <summary>Busy share from which an event loop has nothing left.</summary>
    public const double BusyLane = 0.95;

    /// <summary>Why the generator is saturated judging by its samples so far, as an English clause; null while it is healthy.</summary>
    public static string? WhySaturated(IReadOnlyList<GeneratorSample> samples) =>
        FirstBadStretch(samples) is { } worst ? Clause(worst) : null;

    /// <summary>The worst second of the first stretch of bad ones that is long enough; null when there is none.</summary>
    internal static GeneratorSample? FirstBadStretch(IReadOnlyList<GeneratorSample> samples)
    {
        var bad = 0;
        for (var i = 0; i < samples.Count; i++)
        {
            bad = IsBad(samples[i]) ? bad + 1 : 0;
            if (bad == BadSecondsInARow)
                return samples.Skip(i - bad + 1).TakeWhile(IsBad).MaxBy(s => s.LateP99);
        }
        return null;
    }

    private static bool IsBad(GeneratorSample sample) =>
        sample.LateP99 > Late || (sample.LateP99 > LateWhileBusy && sample.BusiestLane > BusyLane);

    private static string Clause(GeneratorSample worst) => string.Format(CultureInfo.InvariantCulture, Strings.For(ReportLanguage.En)["health.late"],
        Figures.Duration(worst.LateP99.TotalMilliseconds), BadSecondsInARow, Figures.Share(worst.BusiestLane));
}
