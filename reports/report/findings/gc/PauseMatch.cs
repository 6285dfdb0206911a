namespace Pressure.Reports;

/// <summary>How well the pauses of one process explain the spikes of response time.</summary>
/// <param name="Full">Whether only full collections were looked at.</param>
/// <param name="Highest">How many of the highest spikes were looked at: as many as there were pauses.</param>
/// <param name="Overlapping">Those of them that overlap a pause, with the longest pause that they overlap in milliseconds.</param>
/// <param name="Expected">How many would by chance.</param>
/// <param name="Chance">Probability of so many by chance, and so well matched in length.</param>
/// <param name="Explained">Share of the time by which the spikes exceed the usual that the pauses account for.</param>
internal sealed record PauseMatch(bool Full, int Highest, IReadOnlyList<(Spike Spike, double Pause)> Overlapping, double Expected, double Chance, double Explained)
{
    /// <summary>Pauses shorter than this share of what makes a spike can't make one.</summary>
    private const double LeastShareOfSpike = 0.3;

    /// <summary>A pause that is to explain a spike is neither much shorter nor much longer than what the slowest request took more.</summary>
    private const double LeastRatio = 0.3, MostRatio = 4;

    /// <summary>Excesses and pauses lie anywhere within three orders of magnitude, if they have nothing to do with each other.</summary>
    private static readonly double Magnitudes = Math.Log(1000);

    /// <summary>Share of the pauses that must show in response times, and of the highest spikes that must overlap a pause.</summary>
    private const double LeastShown = 0.3, LeastOverlapping = 0.5;

    /// <summary>
    /// The pauses that are long enough, in classes: full collections, and all that are at least half as long as the longest. Of no process and no class
    /// is more claimed than that it can't be chance; who of several explains most is for the caller to say.
    /// </summary>
    /// <param name="spikes">The spikes.</param>
    /// <param name="pauses">The process's pauses.</param>
    /// <param name="slack">How far its clock may be off, and a request's way back may take.</param>
    public static IEnumerable<PauseMatch> Of(Spikes spikes, IReadOnlyList<GcPause> pauses, TimeSpan slack)
    {
        var least = TimeSpan.FromMilliseconds(Math.Max(10, LeastShareOfSpike * spikes.Least));
        List<GcPause> able = [.. pauses.Where(p => p.Pause >= least)];
        if (able.Count == 0)
            yield break;
        var half = able.Max(p => p.Pause) / 2;
        List<GcPause> full = [.. able.Where(p => p.IsFull)];
        List<GcPause> longest = [.. able.Where(p => p.Pause >= half)];
        if (full.Count > 0 && Match(spikes, full, slack, isFull: true) is { } byFull)
            yield return byFull;
        if (!longest.SequenceEqual(full) && Match(spikes, longest, slack, longest.TrueForAll(p => p.IsFull)) is { } byLongest)
            yield return byLongest;
    }

    private static PauseMatch? Match(Spikes spikes, List<GcPause> pauses, TimeSpan slack, bool isFull)
    {
        var longestIn = new Dictionary<int, double>();
        foreach (var pause in pauses)
        {
            for (var second = GcTrack.SecondOf(pause.At - slack); second <= GcTrack.SecondOf(pause.At + pause.Pause + slack); second++)
                longestIn[second] = Math.Max(longestIn.GetValueOrDefault(second), pause.Pause.TotalMilliseconds);
        }
        List<int> stopped = [.. spikes.Seconds.Where(longestIn.ContainsKey)];
        if (stopped.Count == 0)
            return null;
        var times = 1 + stopped.Zip(stopped.Skip(1)).Count(p => p.Second > p.First + 1);
        List<Spike> highest = [.. spikes.All.Take(Math.Max(times, 1))];
        List<(Spike Spike, double Pause)> overlapping = [.. highest.Where(s => PauseOf(s, longestIn) > 0).Select(s => (s, PauseOf(s, longestIn)))];
        var shown = spikes.All.Count(s => PauseOf(s, longestIn) > 0);
        if (overlapping.Count < LeastOverlapping * highest.Count || shown < LeastShown * times || overlapping.Count == 0)
            return null;
        var ratios = overlapping.Select(o => Math.Max(o.Spike.Excess, 0.1) / o.Pause).ToList();
        if (ratios.Count(r => r is >= LeastRatio and <= MostRatio) * 2 < ratios.Count)
            return null;
        var odds = highest.Select(s => Odds(s, spikes, longestIn)).ToList();
        var excess = spikes.All.Sum(s => Math.Max(0, s.Excess));
        var explained = spikes.All.Sum(s => Math.Min(Math.Max(0, s.Excess), PauseOf(s, longestIn)));
        return new(isFull, highest.Count, overlapping, odds.Sum(), Combine(AtLeast(overlapping.Count, odds), ratios), excess > 0 ? explained / excess : 0);
    }

    /// <summary>The longest pause that a spike begins with; 0 if there is none. One that comes later is not its cause.</summary>
    private static double PauseOf(Spike spike, Dictionary<int, double> longestIn) => Math.Max(
        longestIn.GetValueOrDefault(spike.First),
        spike.Last > spike.First ? longestIn.GetValueOrDefault(spike.First + 1) : 0);

    /// <summary>The share of moments at which a spike of this length would overlap a pause, wherever it came.</summary>
    private static double Odds(Spike spike, Spikes spikes, Dictionary<int, double> longestIn) =>
        (double)spikes.Seconds.Count(s => longestIn.ContainsKey(s) || (spike.Last > spike.First && longestIn.ContainsKey(s + 1))) / spikes.Seconds.Count;

    /// <summary>The probability that at least so many of independent events happen, each with its own odds.</summary>
    private static double AtLeast(int least, List<double> odds)
    {
        var exactly = new double[odds.Count + 1];
        exactly[0] = 1;
        foreach (var odd in odds)
        {
            for (var k = odds.Count; k > 0; k--)
                exactly[k] = exactly[k] * (1 - odd) + exactly[k - 1] * odd;
            exactly[0] *= 1 - odd;
        }
        return Math.Min(1, exactly.Skip(least).Sum());
    }

    /// <summary>
    /// That spikes are as long as the pauses they overlap is evidence of its own. Fisher's method puts both together; since spikes may well be longer
    /// than their pauses (queues), the overlap alone may speak, too: the better of the two, times two for having had the choice.
    /// </summary>
    private static double Combine(double overlap, List<double> ratios)
    {
        overlap = Math.Max(overlap, 1e-12);
        var product = -Math.Log(overlap) - ratios.Sum(r => Math.Log(Math.Min(1, 2 * Math.Max(Math.Abs(Math.Log(r)), 0.02) / Magnitudes)));
        var (term, sum) = (1.0, 0.0);
        for (var i = 0; i <= ratios.Count; i++)
        {
            sum += term;
            term *= product / (i + 1);
        }
        return Math.Min(1, 2 * Math.Min(overlap, Math.Exp(-product) * sum));
    }
}
