using Pressure.Record;
using Pressure.Web.Access;

namespace Pressure.Web.Agents;

/// <summary>Fetches what one agent tells of a finished run.</summary>
internal sealed class LateAgent(IAgentHistory history, RunManifest run, string folder, TimeProvider time)
{
    /// <summary>How long a returned agent may take for all it has kept; what is not there then is fetched by the next try.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Collections may come this long after the sample behind them.</summary>
    private static readonly TimeSpan Laggards = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Before = TimeSpan.FromSeconds(10);

    /// <summary>Adds to the run what came late; false if it is not all there yet.</summary>
    public async Task<bool> CompleteAsync(Gap gap, CancellationToken stop)
    {
        if (await FetchAsync(gap, stop) is not var (samples, collections))
            return false;
        var now = time.GetUtcNow() - run.StartedAt;
        new LateRecord(gap.Host, samples, collections, new TimelineEvent.HostHeard(now, gap.Host, now - gap.Since)).AddTo(folder);
        return true;
    }

    private async Task<(List<HostSample>, List<GcEvent>)?> FetchAsync(Gap gap, CancellationToken stop)
    {
        var times = new OnRunClock(gap.Host, run.StartedAt);
        var known = RunFolder.Read(folder).Hosts.LastOrDefault(h => h.Host == gap.Host);
        if (known is not null)
            times.Resume(known);
        // Collections come later than the sample behind them; those that the run has are passed over.
        var from = run.StartedAt + (known is { } last && last.At > Before ? last.At - Before : TimeSpan.Zero);
        var (samples, collections) = (new List<HostSample>(), new List<GcEvent>());
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        try
        {
            await foreach (var stored in history.FollowAsync(gap.Host, from, either.Token))
            {
                if (times.Collection(stored, TimeSpan.MaxValue) is { } collection && collection.At <= gap.Until)
                    collections.Add(collection);
                // What the run has ends with the sample that is known; the store gives it once more, first.
                if (stored.Entry.Host is null || (known is not null && samples.Count == 0 && stored.At - run.StartedAt <= known.At) || times.Sample(stored, TimeSpan.MaxValue) is not { } sample)
                    continue;
                if (sample.At - sample.Over < gap.Until)
                    samples.Add(sample);
                if (sample.At >= gap.Until + Laggards)
                    return (samples, collections);
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            // Where the agent is another node's, also a node that does not answer now.
        }
        return null;
    }
}
