using Pressure.Record;

namespace Pressure.Reports;

/// <summary>When the generator, not the target, is what saturated. One rule, used while a run goes on and in its summary.</summary>
/// <remarks>
/// A generator that can't keep up falls behind with everything: a second is bad when half of its sends were late by more than 10 ms,
/// or 1 % of them while an event loop was busy for more than 95 % of it, or when 5 % of what was asked in it was not sent while a loop
/// was as busy: far beyond its limit a loop has no connection free when a request is due, so that nothing is sent late at all.
/// Three bad seconds in a row are saturation. (A slow target leaves requests unsent too, but its generator has nothing to do.)
/// When only 1 % of the sends are late, by more than 50 ms, something else held the machine up for a moment: measured on two cores
/// with ten other processes busy, four such seconds in a row came with a median lateness of 0.07 ms. Ten in a row are no moment any more.
/// </remarks>
public static class GeneratorHealth
{
    /// <summary>Seconds in a row of falling behind that make saturation.</summary>
    public const int BehindSeconds = 3;

    /// <summary>Seconds in a row with a late tail that make saturation.</summary>
    public const int LateTailSeconds = 10;

    /// <summary>Lateness of half of the sends, or of 1 % in a busy loop, that is falling behind.</summary>
    public static readonly TimeSpan Behind = TimeSpan.FromMilliseconds(10);

    /// <summary>Lateness of 1 % of the sends that is a late tail.</summary>
    public static readonly TimeSpan LateTail = TimeSpan.FromMilliseconds(50);

    /// <summary>Share of the asked requests, not sent in their second, that is falling behind in a busy loop.</summary>
    public const double LargeBacklog = 0.05;

    /// <summary>Busy share from which an event loop has nothing left.</summary>
    public const double BusyLane = 0.95;

    /// <summary>Why the generator is saturated judging by its samples so far, as an English clause; null while it is healthy.</summary>
    /// <param name="samples">The generator's own, in order of time.</param>
    /// <param name="hosts">Those of all hosts; the generator's machine is among them as <c>local</c>.</param>
    public static string? WhySaturated(IReadOnlyList<GeneratorSample> samples, IReadOnlyList<HostSample> hosts) =>
        Judge(samples, hosts)?.Clause.In(ReportLanguage.En);

    /// <summary>
    /// The first stretch of seconds that makes saturation; null when there is none. Of several workers each is judged by itself: the one that was latest is
    /// told, with the names of all that fell behind.
    /// </summary>
    internal static Saturation? Judge(IReadOnlyList<GeneratorSample> samples, IReadOnlyList<HostSample> hosts)
    {
        if (!samples.Any(s => s.Worker is not null))
            return JudgeOne(samples, hosts);
        // The machine that is sampled as the generator's is the coordinator's.
        var saturated = samples.GroupBy(s => s.Worker ?? "").Select(g => (Worker: g.Key, Saturation: JudgeOne(BySecond(g), [])))
            .Where(w => w.Saturation is not null).OrderByDescending(w => w.Saturation!.Worst.LateP99).ThenByDescending(w => w.Saturation!.Worst.Backlog).ToList();
        return saturated.Count == 0 ? null : saturated[0].Saturation! with { Workers = [.. saturated.Select(w => w.Worker)] };
    }

    /// <summary>One worker's samples, one a second, in order: what it did for several shares in one second is told as the worst of them.</summary>
    internal static IReadOnlyList<GeneratorSample> BySecond(IEnumerable<GeneratorSample> samples) =>
        [.. samples.GroupBy(s => Timeline.SecondOf(s.At)).OrderBy(g => g.Key).Select(g => Worst([.. g])!)];

    /// <summary>The worst of several samples of one second, figure by figure: a mean over workers would hide the one that can't keep up. Null of none.</summary>
    public static GeneratorSample? Worst(IReadOnlyCollection<GeneratorSample> samples) => samples.Count < 2 ? samples.FirstOrDefault() : samples.First() with
    {
        Cpu = samples.Max(s => s.Cpu),
        BusiestLane = samples.Max(s => s.BusiestLane),
        LateP50 = samples.Max(s => s.LateP50),
        LateP99 = samples.Max(s => s.LateP99),
        Backlog = samples.Max(s => s.Backlog),
        Memory = samples.Max(s => s.Memory),
    };

    private static Saturation? JudgeOne(IReadOnlyList<GeneratorSample> samples, IReadOnlyList<HostSample> hosts)
    {
        var stretch = Stretch(samples, IsBehind, BehindSeconds);
        if (stretch.Count == 0)
            stretch = Stretch(samples, s => s.LateP99 > LateTail, LateTailSeconds);
        return stretch.Count == 0 ? null : Saturation.Of(stretch, hosts);
    }

    private static List<GeneratorSample> Stretch(IReadOnlyList<GeneratorSample> samples, Func<GeneratorSample, bool> isBad, int length)
    {
        var bad = 0;
        for (var i = 0; i < samples.Count; i++)
        {
            bad = isBad(samples[i]) ? bad + 1 : 0;
            if (bad == length)
                return [.. samples.Skip(i - bad + 1).TakeWhile(isBad)];
        }
        return [];
    }

    /// <summary>Whether it fell behind in a second.</summary>
    internal static bool IsBehind(GeneratorSample sample) =>
        sample.LateP50 > Behind || ((sample.LateP99 > Behind || sample.Backlog > LargeBacklog) && sample.BusiestLane > BusyLane);
}
