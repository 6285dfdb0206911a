namespace Pressure.Reports;

/// <summary>A replay in words.</summary>
internal static class ReplaySentences
{
    /// <summary>Beyond these the timing was not that of the capture: what counts as late for any request, and a hundredth of the length.</summary>
    private const double MostError = 10, MostDrift = 0.01;

    /// <summary>How much of what was captured went out again, and how near to its moments.</summary>
    public static Sentence Sent(ReplaySummary replay)
    {
        if (replay.Sent == 0)
            return new("replay.nothing", Figures.Count(replay.Captured));
        var sent = replay.Planned == replay.Replayed
            ? new Sentence("replay.once", Figures.Share(Share(Math.Min(replay.Sent, replay.Captured), replay.Captured)), Figures.Count(replay.Captured))
            : new Sentence("replay.multiplied", Figures.Share(Share(replay.Replayed, replay.Captured)), Figures.Count(replay.Captured), Figures.Count(replay.Planned), Figures.Share(Share(replay.Sent, replay.Planned)));
        return replay.Timing is { } timing
            ? new("replay.timed", sent, Time(timing.P50), Time(timing.P99))
            : new("replay.untimed", sent);
    }

    /// <summary>Whether requests went out when they had to; null where nothing was due at a moment.</summary>
    public static bool? IsTimingKept(ReplaySummary replay) => replay.Timing is { } timing ? timing.P99 <= MostError && Math.Abs(replay.Drift) <= MostDrift : null;

    /// <summary>What is replayed, and how: <c>replay of 2 captures at 2x, 5 clients for each</c>.</summary>
    public static Sentence Load(ReplaySummary replay)
    {
        if (replay.Captures.Any(c => c.Live is not null))
            return Live(replay);
        Sentence captures = replay.Captures.Count == 1 ? new("load.replayOf.one") : new("load.replayOf.several", replay.Captures.Count);
        Sentence speed = replay switch
        {
            { Rate: { } rate } => new("load.replayOf.rate", Figures.Rate(rate)),
            { Speed: { } times } => new("load.replayOf.speed", Figures.Number(times)),
            _ => new("load.replayOf.fast"),
        };
        return replay.Multiply > 1 ? new("load.replayOf.multiplied", captures, speed, replay.Multiply) : new("load.replayOf", captures, speed);
    }

    private static Sentence Live(ReplaySummary replay)
    {
        Sentence sources = replay.Captures is [var only] ? new("load.replayLive.one", only.Name) : new("load.replayLive", replay.Captures.Count);
        return replay.Multiply > 1 ? new("load.replayLive.multiplied", sources, replay.Multiply) : sources;
    }

    /// <summary>Why requests were skipped, or answers not compared; a word that the table does not know speaks for itself.</summary>
    public static Sentence Why(string list, string word) => Strings.Has($"{list}.{word}") ? new($"{list}.{word}") : new("verbatim", word);

    /// <summary>Milliseconds, those below one as microseconds.</summary>
    public static string Time(double milliseconds) => Figures.Unbroken(milliseconds < 0.9995 ? FormattableString.Invariant($"{milliseconds * 1000:0} µs") : Figures.Duration(milliseconds));

    public static double Share(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
