using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>The workers of a run that is about to begin: chosen, in possession of all that they need, ready. Found by <see cref="RecruitAsync"/>, put to work by <see cref="Coordinator.Start(RunRequest)"/>.</summary>
public sealed class Crew : IAsyncDisposable
{
    private static readonly TimeSpan LongestWay = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan UsualWay = TimeSpan.FromMilliseconds(50);

    /// <summary>How often those who are ready hear that somebody will begin.</summary>
    internal static readonly TimeSpan OrdersPause = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _waiting = new();
    private readonly Task _telling;

    internal Crew(RunManifest manifest, CrewOffers offers, IReadOnlyList<CrewMember> members, CrewPost post, CrewDesk desk, CrewRequest request, TimeProvider time, CrewPast? past, long orders = 1)
    {
        (Provisional, Offers, Members, Post, Desk, Request, Time, Past, FirstOrders) = (manifest, offers, members, post, desk, request, time, past, orders);
        foreach (var member in members)
            (member.IsReady, member.ClockUncertainty) = (true, member.Ready?.ClockUncertainty ?? UsualWay);
        _telling = past is null ? Task.Run(TellAsync) : Task.CompletedTask;
    }

    /// <summary>The run's id.</summary>
    public string RunId => Provisional.Id;

    /// <summary>The workers as the run's manifest tells of them.</summary>
    public CrewManifest Manifest => new()
    {
        Workers = [.. Members.Select(ManifestOf)],
        Weights = Offers.Weights,
        Heartbeat = Offers.Heartbeat,
        Lease = Offers.Lease,
        Tolerance = Request.Wish.Tolerance,
    };

    /// <summary>How long before offset zero everything must be told, so that the slowest way to a worker does not matter.</summary>
    internal TimeSpan Lead => TimeSpan.FromMilliseconds(1_500) + Slowest;

    /// <summary>How far ahead a change of the load holds, so that every worker has heard of it.</summary>
    internal TimeSpan Notice => TimeSpan.FromMilliseconds(750) + Slowest;

    internal RunManifest Provisional { get; }

    internal CrewOffers Offers { get; }

    /// <summary>In the order of their first shares.</summary>
    internal IReadOnlyList<CrewMember> Members { get; }

    internal CrewPost Post { get; }

    internal CrewDesk Desk { get; }

    internal CrewRequest Request { get; }

    internal TimeProvider Time { get; }

    /// <summary>What was before the coordinator came back; null for one that has been there all the time.</summary>
    internal CrewPast? Past { get; }

    // Several ways to the slowest worker.
    private TimeSpan Slowest
    {
        get
        {
            var ways = 4 * Members.Max(m => m.Ready?.ClockUncertainty ?? UsualWay);
            return ways < LongestWay ? ways : LongestWay;
        }
    }

    /// <summary>Finds workers, gives them all that they need and waits until every one of them is ready. Nothing is begun.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="progress">Is told how far it is.</param>
    /// <param name="stop">Ends it early.</param>
    /// <exception cref="BusException">Nobody can be reached.</exception>
    /// <exception cref="OperationCanceledException">It was ended early; the workers are free again.</exception>
    public static Task<Recruiting> RecruitAsync(CrewRequest request, TimeProvider time, IProgress<RecruitingProgress>? progress = null, CancellationToken stop = default) =>
        new Recruitment(request, time, progress).RunAsync(stop);

    /// <summary>The first orders of the run itself follow now.</summary>
    internal async Task EndWaitingAsync()
    {
        await _waiting.CancelAsync();
        await _telling;
    }

    /// <summary>Lets the workers go.</summary>
    public async ValueTask DisposeAsync()
    {
        await EndWaitingAsync();
        await Post.TellAsync(new Orders { Number = long.MaxValue, Holders = [], Heard = new Dictionary<string, long>(), Stop = true });
        await Post.RemoveAsync();
        _waiting.Dispose();
    }

    /// <summary>Number of the run's first own orders.</summary>
    internal long FirstOrders { get; private set; }

    // Whoever is ready waits as long as it hears that somebody will begin.
    private async Task TellAsync()
    {
        try
        {
            for (; ; FirstOrders++)
            {
                await Post.TellAsync(new Orders { Number = FirstOrders, Holders = [.. Members.Select((m, i) => new ShareHolder(i, 0, m.Name))], Heard = new Dictionary<string, long>() });
                await Task.Delay(OrdersPause, Time, _waiting.Token);
            }
        }
        catch (OperationCanceledException)
        {
            FirstOrders++;
        }
    }

    private static WorkerManifest ManifestOf(CrewMember member) => new()
    {
        Name = member.Name,
        Region = member.Card.Region,
        Capacity = member.Card.Capacity,
        Cores = member.Card.Cores,
        ClockOffset = -member.Ready!.ClockOffset,
        ClockUncertainty = member.Ready.ClockUncertainty,
    };
}
