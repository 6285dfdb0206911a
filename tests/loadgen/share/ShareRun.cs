using Pressure.Record;

namespace Pressure.LoadGen.Tests.Share;

/// <summary>Runs of an engine that has a share, a lease, or both, without what must hold for a run of everything.</summary>
internal static class ShareRun
{
    public static async Task<(IReadOnlyList<EngineSecond> Seconds, LoadEnding Ending)> Of(EngineJob job, RunClock clock, bool overHandler = false)
    {
        var seconds = new List<EngineSecond>();
        var engine = new LoadEngine(job, clock, hasTls: !overHandler);
        await engine.RunAsync(seconds.Add, CancellationToken.None);
        return (seconds, engine.Ending!.Value);
    }

    public static Interval Total(this IEnumerable<EngineSecond> seconds, int requests)
    {
        var total = new Interval(0, 0, requests);
        foreach (var second in seconds)
            total.Add(second.Interval);
        return total;
    }
}
