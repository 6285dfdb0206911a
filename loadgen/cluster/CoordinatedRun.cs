using System.Diagnostics.CodeAnalysis;
using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;
using Pressure.Reports.Export;

namespace Pressure.Cluster;

/// <summary>A run in progress, whoever makes its load: this process, or a crew of workers.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The stop source holds no timer and no handle, and Stop may be called at any time, also after the end.")]
internal sealed class CoordinatedRun(RunRequest request, Workload workload, RunClock clock, RunWriter writer, TimeProvider time, RunEngine engine) : IControlled, ICrewBook
{
    private readonly CancellationTokenSource _stopLoad = new();
    private readonly Steering _steering = new(workload, clock, request.Crew?.Notice ?? Steering.Notice);
    private readonly Lock _gate = new();
    private readonly RecentHealth _health = new();
    private readonly List<Interval> _unsaved = [];
    private readonly HashSet<string> _usedUp = [];
    private readonly LoadWatch _watch = new(request.Plan, workload.Load);
    private readonly AbortWatch _abort = new(request.Plan, writer.Manifest);
    private readonly List<TimelineEvent> _steered = [];
    private readonly RunExports _exports = new(request.Sinks, writer.Manifest);
    private RunCompanions? _companions;
    private HostSampling? _hosts;
    private GeneratorMeter? _generator;
    private SearchDriver? _search;
    private ReplayRun? _replay;
    private bool _saturationTold;
    private TimelineEvent.RunFailed? _failure;
    private bool _loadOver;
    private bool _aborted;
    private string? _stoppedBy;
    private bool _finishAsked;
    private TimelinePoint? _lastPoint;

    public RunManifest Manifest { get; } = writer.Manifest;

    public string Folder { get; } = writer.Path;

    public LiveFeed Live { get; } = new();

    public IReadOnlyList<ExportedPoints> Exports => _exports.Counts;

    public bool Stop(string by)
    {
        lock (_gate)
        {
            // A run that a rule has ended lets answers come in; whoever will not wait for them changes nothing about its verdict.
            if (IsEnding && (!_aborted || _loadOver))
                return false;
            if (!_aborted)
            {
                _stoppedBy = by;
                // Within the lock: once the load is over the run is closed, and nothing can be told any more.
                Tell(new TimelineEvent.StopRequested(Now, by));
            }
        }
        EndLoad();
        return true;
    }

    public SteeringResult Steer(SteeringChange change, string by)
    {
        lock (_gate)
        {
            if (IsEnding)
                return new(SteeringRefusal.Over);
            // A search steers by itself; all that anybody else may do is to end it.
            if (request.Plan.Load is Load.Search && change is not SteeringChange.Finish)
                return new(SteeringRefusal.Searching);
            var result = _steering.Apply(change);
            if (!result.Changed)
                return result;
            _finishAsked |= change is SteeringChange.Finish;
            var told = SteeringEvent.Of(change, result.At, by);
            _steered.Add(told);
            Tell(told);
            if (_finishAsked)
                _companions?.Stop();
            return result;
        }
    }

    public bool Mark(string mark, string by, string note)
    {
        lock (_gate)
        {
            if (!_loadOver)
                Tell(new TimelineEvent.Marked(Now, mark, by, note));
            return !_loadOver;
        }
    }

    public RunStatus Status
    {
        get
        {
            lock (_gate)
            {
                // A change that holds in a moment is told as if it held already.
                var asOf = _steered is [.., var last] && last.At > Now ? last.At : Now;
                return RunStatusOf.Moment(Manifest, Folder, _steering.State, SteeredLoad.Of(workload.Load, _steered), Now, asOf, _lastPoint, isOver: _loadOver, isStopping: IsEnding);
            }
        }
    }

    public async Task<RunOutcome> RunAsync()
    {
        _hosts = new HostSampling(request.Hosts, request.Feeds, clock, time, KeepSample, KeepCollection, Tell);
        _companions = new RunCompanions(request.Companions, Manifest, clock, Folder, Tell, Fail);
        ReturnTo(request.Crew?.Past);
        var hosts = _hosts.RunAsync();
        try
        {
            _companions.Start();
            _generator = new GeneratorMeter(clock);
            _search = request.Plan.Load is Load.Search asked ? new SearchDriver(asked, request.Plan.WarmUp, Manifest, _steering, Tell) : null;
            _replay = request.Crew is null ? ReplayRun.Of(request, Manifest, writer, clock, time) : null;
            await MakeLoadAsync();
            EndReplay();
            var end = Now;
            var planned = _steering.State.FinishedAt ?? request.Plan.Duration;
            EndSearch(end < planned ? end : planned);
            Tell(new TimelineEvent.LoadEnded(end < planned ? end : planned));
        }
        catch (LaneStuckException e)
        {
            Fail(new(Now, e.Message, Stuck: new(e.Lane, e.Silence)));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Fail(new(Now, e.Message));
        }
        finally
        {
            lock (_gate)
                _loadOver = true;
            _replay?.Dispose();
            request.Captures?.Dispose();
            await _companions.EndAsync(time);
            await _hosts.EndAsync(hosts);
        }
        return await ReportAsync();
    }

    /// <summary>Goes on where the coordinator was that is gone: what it told is not told again, what was changed stays so.</summary>
    private void ReturnTo(CrewPast? past)
    {
        if (past is null)
            return;
        foreach (var change in past.File.Changes)
        {
            if (SteeringText.Parse(change.Change).Change is { } steered)
                _steering.Follow(change.At, steered);
        }
        _watch.Forget(past.Events);
        _steered.AddRange(past.Events.Where(e => e is TimelineEvent.LoadSteered or TimelineEvent.StopRequested { Graceful: true }));
        _finishAsked = past.Events.Any(e => e is TimelineEvent.StopRequested { Graceful: true });
        _aborted = past.Events.Any(e => e is TimelineEvent.Aborted);
        _stoppedBy = past.Events.OfType<TimelineEvent.StopRequested>().FirstOrDefault(e => !e.Graceful)?.By;
        Tell(new TimelineEvent.CoordinatorReturned(Now, Now > past.LastKnown ? Now - past.LastKnown : TimeSpan.Zero));
        if (request.Plan.Chaos.Count > 0 && request.Companions.Count == 0)
            Tell(new TimelineEvent.DataLost(Now, "the plan's experiments do not go on after the coordinator's return"));
    }

    private bool IsEnding => _stoppedBy is not null || _aborted || _failure is not null || _loadOver;

    private TimeSpan Now => clock.Now is var now && now > TimeSpan.Zero ? now : TimeSpan.Zero;

    private Task MakeLoadAsync()
    {
        if (request.Crew is { } crew && request.Spread is { } spread)
            crew.Post.Spread = stop => spread(Folder, stop);
        return request.Crew is not null ? new CrewLoad(request.Crew, workload, Manifest, clock, _steering, this).RunAsync(_stopLoad.Token) : OwnLoadAsync();
    }

    private Task OwnLoadAsync() =>
        engine(new EngineJob(workload, Manifest.Id, LaneCount.For(workload)) { Guard = request.Guard, Steering = _steering, Replay = _replay?.Source ?? request.Replay }, clock, OnSecond, _stopLoad.Token);

    private void OnSecond(EngineSecond second)
    {
        var generator = _generator!.Sample(second);
        Keep(second.Interval, generator);
        Watch(second, generator);
    }

    public void Keep(Interval second, GeneratorSample generator)
    {
        // The second is whole with its interval, which therefore comes last.
        Keep(() => writer.Append(generator));
        Keep(second);
    }

    public void Keep(Interval unsent)
    {
        if (Keep(() => writer.Append(unsent)))
            return;
        lock (_gate)
            _unsaved.Add(unsent);
    }

    public void Keep(ReplayRecord replay, DifferenceRecord? differences) => Keep(() =>
    {
        writer.Write(replay);
        if (differences is not null)
            writer.Write(differences);
    });

    public void Save(ReadOnlyMemory<byte> state) => Keep(() => writer.WriteCrew(state.Span));

    void ICrewBook.Tell(TimelineEvent what) => Tell(what);

    public void UsedUp(string data)
    {
        lock (_gate)
        {
            if (!_usedUp.Add(data))
                return;
        }
        if (request.Plan.Data.FirstOrDefault(d => d.Name == data) is { } feed)
            Tell(new TimelineEvent.DataUsedUp(Now, feed.Name, feed.Rows));
    }

    public void Watch(EngineSecond second, GeneratorSample generator)
    {
        var interval = second.Interval;
        _exports.Take(interval);
        foreach (var planned in _watch.Due(TimeSpan.FromSeconds(interval.Second + 1)))
        {
            // A stage that somebody's own rate stands in for does not begin.
            if (planned is not TimelineEvent.StageStarted || _steering.State.Level is not SteeringChange.ToRate)
                Tell(planned);
        }

        if (_watch.Judge(interval) is { } change)
            Tell(change);
        foreach (var dropping in _exports.NewlyDropping(Now))
            Tell(dropping);
        foreach (var feed in second.UsedUp)
            UsedUp(feed.Name);
        var hosts = _hosts!.Latest;
        _companions!.Take(interval, hosts);
        var collections = _hosts.TakeCollections();
        if (_abort.Judge(interval, hosts, collections) is { } broken)
            Abort(broken);
        if (!_saturationTold && _health.WhySaturated(generator, hosts) is { } why)
        {
            _saturationTold = true;
            Tell(new TimelineEvent.GeneratorSaturated(generator.At, why));
        }
        var point = Timeline.Point(Manifest, [interval], HostSampling.Fresh(hosts, TimeSpan.FromSeconds(interval.Second + 1)), generator, collections);
        _lastPoint = point;
        Live.Publish(new LiveUpdate.Second(point));
        SteerSearch(interval, generator, hosts);
        KeepReplay(interval);
    }

    private void KeepReplay(Interval second)
    {
        if (_replay is null)
            return;
        foreach (var change in _replay.Look(Now))
            Tell(change);
        Keep(() => _replay.Take(second));
        if (_replay.Failure is { } why)
            Fail(new(Now, why));
    }

    private void EndReplay()
    {
        if (_replay is null)
            return;
        Keep(() => _replay.End(Now));
        if (_replay.Lost is { } lost)
            Tell(new TimelineEvent.DataLost(Now, lost));
        if (_replay.Failure is { } why)
            Fail(new(Now, why));
    }

    private void SteerSearch(Interval second, GeneratorSample generator, HostSample[] hosts)
    {
        // Within the lock: a plateau that somebody ends early is not to be judged.
        lock (_gate)
        {
            if (!IsEnding && !_finishAsked)
                _search?.Take(second, generator, hosts);
        }
    }

    private void EndSearch(TimeSpan at)
    {
        if (_failure is null)
            _search?.Cut(at, _stoppedBy is null && !_aborted && !_finishAsked ? SearchEnding.TimeRanOut : SearchEnding.Stopped);
    }

    private void Abort(TimelineEvent.Aborted broken)
    {
        lock (_gate)
        {
            if (IsEnding || _steering.State.FinishedAt is not null)
                return;
            _aborted = true;
            Tell(broken);
        }
        _companions!.Stop();
        // Gracefully, so that answers on their way are not counted as cut off; unless the load is about to end anyhow.
        if (!_steering.Apply(new SteeringChange.Finish()).Changed)
            _stopLoad.Cancel();
    }

    private void Tell(TimelineEvent what)
    {
        Keep(() => writer.Append(what));
        _exports.Take(what);
        Live.Publish(new LiveUpdate.Event(what));
    }

    private void KeepSample(HostSample sample)
    {
        Keep(() => writer.Append(sample));
        _exports.Take(sample);
    }

    private void KeepCollection(GcEvent collection)
    {
        Keep(() => writer.Append(collection));
        _exports.Take(collection);
    }

    /// <summary>Pressing on without a record would be load for nothing: the first write that fails ends the run, and what is on disk stays.</summary>
    private bool Keep(Action append)
    {
        try
        {
            append();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(new(Now, e.Message, Folder));
            return false;
        }
    }

    private void Fail(TimelineEvent.RunFailed failure)
    {
        lock (_gate)
        {
            if (_failure is not null)
                return;
            _failure = failure;
        }
        writer.FreeReserve();
        Tell(failure);
        EndLoad();
    }

    /// <summary>At once: the load, and whatever was done to the target meanwhile.</summary>
    private void EndLoad()
    {
        _stopLoad.Cancel();
        _companions?.Stop();
    }

    private async Task<RunOutcome> ReportAsync()
    {
        var end = Now;
        foreach (var exported in await _exports.EndAsync(end))
            Tell(exported);
        Tell(new TimelineEvent.RunEnded(end));
        Live.Publish(new LiveUpdate.Reporting());
        Keep(writer.Dispose);
        var outcome = await RunClosing.WriteAsync(Folder, request, Manifest, _unsaved, _failure?.Why);
        Live.Publish(new LiveUpdate.Finished(outcome.Summary));
        return outcome;
    }
}
