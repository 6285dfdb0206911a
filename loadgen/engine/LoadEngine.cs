using Pressure.LoadGen.Engine;
using Pressure.Record;

namespace Pressure.LoadGen;

/// <summary>What an engine needs to run one share of a workload.</summary>
/// <param name="Workload">The workload, whole.</param>
/// <param name="RunId">Goes into <c>X-Pressure-Run</c> and <c>baggage</c> of every request.</param>
/// <param name="Lanes">Event loops; the k-th iteration of the share belongs to lane k modulo lanes.</param>
public sealed record EngineJob(Workload Workload, string RunId, int Lanes)
{
    /// <summary>Says where redirects may lead besides to what the plan presses itself.</summary>
    public TargetGuard Guard { get; init; } = new([]);

    /// <summary>Told, on any thread, of data whose rows are used up; see <see cref="EngineSecond.UsedUp"/>.</summary>
    internal UsedUpData UsedUp { get; } = new();

    /// <summary>How long a silence ends an answer over raw TCP.</summary>
    internal TimeSpan Quiet { get; init; } = RawTurns.UsualQuiet;

    /// <summary>Judges redirects.</summary>
    internal RedirectGuard Redirects => new(Workload.Plan.Requests.Select(r => r.Url), Guard);

    /// <summary>Changes the load while it runs; null for one that is not to be changed.</summary>
    public Steering? Steering { get; init; }

    /// <summary>What is sent when the load is a <see cref="Load.Replay"/>; null for any other load.</summary>
    public IReplaySource? Replay { get; init; }

    /// <summary>Which part of the workload it makes.</summary>
    public WorkShare Share { get; init; } = WorkShare.Whole;

    /// <summary>Until when it may send.</summary>
    public LoadLease Lease { get; init; } = LoadLease.Endless;

    /// <summary>Where its connections come from; one turn over all lanes.</summary>
    internal LocalEndpoints Locals { get; } = new(Workload.Plan.Http.LocalAddresses);
}

/// <summary>A closed second, merged over all lanes, and how busy (0 to 1) the busiest of them was.</summary>
public readonly record struct EngineSecond(Interval Interval, double BusiestLane)
{
    /// <summary>Data files of which an iteration wanted a row that there is not, told once each.</summary>
    public IReadOnlyList<DataFeed> UsedUp { get; init; } = [];
}

/// <summary>
/// Runs a workload: a number of lanes (event loops), each with its own connections, histograms and timer.
/// Sends at intended starts, whatever the answers do (open model).
/// </summary>
/// <remarks>
/// An iteration goes on after a failed request, so that the schedule's total is asked for whatever happens. A start that is late by
/// more than the request timeout is counted as not sent.
/// After the schedule's end, iterations under way may finish within the request timeout. On a stop nothing new is sent, and answers
/// get 1 s. What is then still under way counts as <see cref="RequestError.Stopped"/>, further steps as not sent.
/// A plan with HTTP/2 or 3, with a proxy, with WebSocket or raw TCP steps, or with https on a machine without OpenSSL 3, runs on the
/// thread pool over SocketsHttpHandler and sockets, all of it: same schedule and accounts, less exact and less fast.
/// A replay (<see cref="Load.Replay"/>) takes its requests from its source instead of a schedule; each is an iteration of one step. It is over as
/// soon as the source is exhausted and the answers are in.
/// </remarks>
public sealed class LoadEngine
{
    // Files that the process itself needs.
    private const int SpareDescriptors = 512;

    private readonly EngineJob _job;
    private readonly RunClock _clock;
    private readonly IReadOnlyList<Origin> _origins;
    private readonly int _requestCount;
    private readonly bool _overHandler;
    private readonly int _patience;
    private readonly Lock _gate = new();
    private LoadEnding? _ending;

    /// <summary>Prepares a run: encodes requests, resolves nothing yet.</summary>
    public LoadEngine(EngineJob job, RunClock clock)
        : this(job, clock, OpenSsl.IsPresent)
    {
    }

    /// <summary>Prepares a run on a machine with or without a TLS library for the event loop, with seconds of patience with silent lanes.</summary>
    internal LoadEngine(EngineJob job, RunClock clock, bool hasTls, int patience = LaneWatchdog.Patience)
    {
        (_job, _clock, _patience) = (job, clock, patience);
        if (job.Workload.Plan.Load is Load.Replay != job.Replay is not null)
            throw new ArgumentException("A replay, and only a replay, has a source.", nameof(job));
        if (job.Share.Index < 0 || job.Share.Index >= job.Share.Split.Count || job.Share.From < TimeSpan.Zero)
            throw new ArgumentException("A share is one of its split, and begins with the run or later.", nameof(job));
        _origins = Origin.Of(job.Workload.Plan);
        _requestCount = job.Workload.Plan.Requests.Count;
        _overHandler = NeedsHandler(job.Workload.Plan) || (_origins.Any(o => o.IsSecure) && !hasTls);
        if (_overHandler && job.Replay is not null)
            throw new NotSupportedException("A replay goes over the event loop, which speaks HTTP/1.1 and raw TCP without a proxy, and TLS with OpenSSL 3.");
    }

    /// <summary>How far it has made its share; null before <see cref="RunAsync"/> is over.</summary>
    public LoadEnding? Ending
    {
        get
        {
            lock (_gate)
                return _ending;
        }
    }

    /// <summary>
    /// Runs to the end. <paramref name="onSecond"/> is called once per second in order, never at the same time as itself;
    /// the interval is the receiver's to keep.
    /// </summary>
    /// <param name="onSecond">Receives closed seconds.</param>
    /// <param name="stop">Ends the load early; returns within 2 s.</param>
    /// <exception cref="LaneStuckException">A lane was blocked for 10 s and has been given up. The others were stopped.</exception>
    /// <exception cref="InvalidOperationException">A lane failed: a bug, or the machine is out of something. The others were stopped.</exception>
    public Task RunAsync(Action<EngineSecond> onSecond, CancellationToken stop) => Task.Run(() => RunWholeAsync(onSecond, stop), CancellationToken.None);

    private async Task RunWholeAsync(Action<EngineSecond> onSecond, CancellationToken stop)
    {
        if (!_overHandler)
            Rehearsal.Run(_clock, replay: _job.Replay is not null);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var shares = Shares();
        var feeds = shares.Select(s => _job.Replay?.Open(new(_job.Share, s.Lane, s.Lanes, _job.RunId))).ToList();
        var merger = new SecondMerger(shares.Count, _requestCount, _job.Share.Index);
        var watchdog = new LaneWatchdog(merger, shares.Count, _clock, _patience, _job.Share.FirstSecond);
        using var over = new CancellationTokenSource();
        var watching = watchdog.WatchAsync(over.Token);
        var merging = StopOnFailure(Task.Run(() => merger.RunAsync(s => onSecond(s with { UsedUp = _job.UsedUp.TakeNew() })), CancellationToken.None), ending);
        var resolving = (_overHandler ? [] : _origins).Select(o => o.ResolveAsync(ending.Token)).ToList();
        var lanes = shares.Select(s => StopOnFailure(watchdog.Guard(s.Lane, LaneThread.Run(s, () => RunLane(s, feeds[s.Lane], watchdog, ending.Token), merger)), ending)).ToList();
        try
        {
            await Task.WhenAll([.. lanes, merging]);
        }
        finally
        {
            await ending.CancelAsync();
            await over.CancelAsync();
            await Task.WhenAll([.. resolving, watching]);
        }
    }

    // What the event loop does not speak.
    private static bool NeedsHandler(LoadPlan plan) =>
        plan.Http.Version.Major >= 2 || plan.Http.Proxy is not null || plan.Requests.Any(r => r.Socket is not null);

    private static async Task StopOnFailure(Task part, CancellationTokenSource ending)
    {
        try
        {
            await part;
        }
        catch
        {
            await ending.CancelAsync();
            throw;
        }
    }

    private void RunLane(LaneShare share, IReplayFeed? feed, ISecondSink sink, CancellationToken stop)
    {
        if (_overHandler)
        {
            using var lane = new HandlerLane(_job, share, sink, _clock);
            lane.Run(stop);
            Tell(lane.Ending);
        }
        else
        {
            using var lane = new Lane(_job, _origins, share, sink, _clock, feed);
            lane.Run(stop);
            Tell(lane.Ending);
        }
    }

    private void Tell(LoadEnding lane)
    {
        lock (_gate)
            _ending = _ending is { } others ? LoadEnding.Of(others, lane) : lane;
    }

    // A lane without a connection could send nothing: rather fewer lanes.
    private IReadOnlyList<LaneShare> Shares()
    {
        var connections = (int)Math.Clamp(Libc.OpenFileLimit() - SpareDescriptors, 1, _job.Workload.Plan.Http.MaxConnections);
        var most = _job.Workload.Plan.Load is Load.Replay { Order: { IsAsFastAsPossible: true, Connections: var clients } } ? Math.Min(connections, _job.Share.PartOf(clients)) : connections;
        var lanes = _overHandler ? 1 : Math.Clamp(_job.Lanes, 1, most);
        return [.. Enumerable.Range(0, lanes).Select(i => new LaneShare(i, lanes, connections / lanes + (i < connections % lanes ? 1 : 0)))];
    }
}
