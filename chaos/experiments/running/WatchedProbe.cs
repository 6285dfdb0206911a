namespace Pressure.Chaos;

/// <summary>A probe of the hypothesis, whatever provides it, as one that is asked continuously: never twice at once.</summary>
internal sealed class WatchedProbe(Activity activity, ActivityRunner activities) : IProbe
{
    /// <summary>What it gave last.</summary>
    public ActivityResult? Latest { get; private set; }

    public async Task<ProbeValue> AskAsync(CancellationToken stop)
    {
        Latest = null;
        Latest = await activities.LookAsync(activity, stop);
        return new(Latest.Output, Latest.Problem);
    }

    /// <summary>Whether what it gave last will do, and why not.</summary>
    public (bool Holds, string Why) Verdict(ExperimentJournal journal) =>
        Latest is { } result ? (result.Problem ?? result.Deviation) is { } why ? (false, journal.Redacted(why)) : (true, "") : (false, "no answer");
}
