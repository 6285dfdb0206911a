using System.Collections.Concurrent;
using Dapper;
using Pressure.Record;
using Pressure.Reports;
using Pressure.Web.Runs;

namespace Pressure.Web.State;

/// <summary>
/// Runs and drills of all nodes. A node's own folders go into the database, the others' come from there; what a dead node left is taken over by one of the
/// living, which goes on with it or closes it.
/// </summary>
internal sealed class SharedRuns : IDisposable
{
    private readonly string _folder;
    private readonly ServiceDatabase _database;
    private readonly ServiceNodes _nodes;
    private readonly RunPush _push;
    private readonly RunPull _pull;
    private readonly SemaphoreSlim _pushing = new(1);
    private readonly SemaphoreSlim _pulling = new(1);
    private readonly TimeProvider _time;
    // Neither of another node any more nor going on here yet: not to be taken for one that is over.
    private readonly ConcurrentDictionary<string, bool> _inBetween = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, OtherRun> _others = new(StringComparer.Ordinal);

    public SharedRuns(string runsFolder, ServiceDatabase database, ServiceNodes nodes, TimeProvider time)
    {
        (_folder, _database, _nodes, _time) = (runsFolder, database, nodes, time);
        (_push, _pull) = (new RunPush(runsFolder, database, nodes, time), new RunPull(runsFolder, database, nodes));
    }

    /// <summary>Whether a run or drill goes on in this process.</summary>
    public Func<string, bool> GoesOn { get; set; } = _ => false;

    /// <summary>The node that writes a run right now; null if it is this one, or nobody does.</summary>
    public NodeStanding? WriterOf(string id) => _others.GetValueOrDefault(id) is { Over: false } run ? _nodes.Living(run.Node, run.Incarnation) : null;

    /// <summary>Whether another node writes a run right now; null if the run is this node's own.</summary>
    public bool? IsWrittenElsewhere(string id) => _others.ContainsKey(id) ? WriterOf(id) is not null : null;

    /// <summary>Takes note of whose runs are whose, before anybody looks at their folders.</summary>
    /// <exception cref="DatabaseAwayException">The database can't be used now.</exception>
    public async Task LearnAsync(CancellationToken stop)
    {
        foreach (var run in await _database.DoAsync(connection => connection.QueryAsync<OtherRun>("SELECT id, node, incarnation, over FROM run WHERE node <> @Id", new { _nodes.Own.Id }), stop))
            _others[run.Id] = run;
    }

    /// <summary>Brings what this node has written.</summary>
    public async Task PushAsync(CancellationToken stop)
    {
        if (_nodes.IsDisplaced)
            return;
        await _pushing.WaitAsync(stop);
        try
        {
            while (!await _push.PushAsync(stop))
            {
            }
        }
        finally
        {
            _pushing.Release();
        }
    }

    /// <summary>Brings what this node has written of one run up to now.</summary>
    /// <exception cref="DatabaseAwayException">The database can't be used now.</exception>
    public Task SpreadAsync(string folder, CancellationToken stop) => FlushAsync(Path.GetFileName(folder), stop);

    /// <summary>Fetches what others have written.</summary>
    public async Task PullAsync(CancellationToken stop)
    {
        await _pulling.WaitAsync(stop);
        try
        {
            await _pull.PullAsync(GoesOn, run => _others[run.Id] = run, stop);
        }
        finally
        {
            _pulling.Release();
        }
    }

    /// <summary>Notes which of this node's runs are over, so that nobody takes them for abandoned.</summary>
    public async Task CloseOwnAsync(RunStore store, CancellationToken stop)
    {
        if (_nodes.IsDisplaced)
            return;
        foreach (var id in await _database.DoAsync(connection => connection.QueryAsync<string>("SELECT id FROM run WHERE node = @Id AND NOT over", new { _nodes.Own.Id }), stop))
        {
            // The state first: what is over by then has been written whole.
            if (GoesOn(id) || _inBetween.ContainsKey(id) || store.Find(id) is { State: RunState.RunningElsewhere or RunState.Running })
                continue;
            await FlushAsync(id, stop);
            await _push.OverAsync(id, stop);
        }
    }

    /// <summary>Takes over, one after the other, what dead nodes have left.</summary>
    public async Task TakeOverAsync(RunStore store, ReportsOnDemand reports, IReadOnlyList<IRunSuccessor> successors, CancellationToken stop)
    {
        if (!_nodes.MayJudge)
            return;
        foreach (var run in _others.Values.Where(r => !r.Over && WriterOf(r.Id) is null).ToList())
        {
            _inBetween[run.Id] = true;
            try
            {
                if (await TakeAsync(run, stop))
                    await FinishAsync(run, store, reports, successors, stop);
            }
            finally
            {
                _inBetween.TryRemove(run.Id, out _);
            }
        }
    }

    public void Dispose()
    {
        _pushing.Dispose();
        _pulling.Dispose();
    }

    private async Task FinishAsync(OtherRun run, RunStore store, ReportsOnDemand reports, IReadOnlyList<IRunSuccessor> successors, CancellationToken stop)
    {
        var (id, folder) = (run.Id, Path.Combine(_folder, run.Id));
        if (RunFolder.Exists(folder))
        {
            var taken = new TakenRun(folder, run.Node, await NodeProcess.HasEndedAsync(_nodes.All.FirstOrDefault(n => n.Id == run.Node)?.Address, _time, stop));
            foreach (var successor in successors)
            {
                if (await successor.TryResumeAsync(taken, stop))
                    return;
            }
        }
        if (store.Find(id) is { } listing)
            await reports.EnsureAsync(listing, ReportLanguage.En);
        await FlushAsync(id, stop);
        await _push.OverAsync(id, stop);
    }

    /// <summary>Makes a dead node's run this node's own, with all that was told of it; false if another node was quicker, or its node is back.</summary>
    private async Task<bool> TakeAsync(OtherRun run, CancellationToken stop)
    {
        await _pulling.WaitAsync(stop);
        try
        {
            await _pull.FetchAsync(run, stop);
            var own = _nodes.Own;
            var taken = await _database.DoAsync(
                connection => connection.ExecuteAsync(
                    """
                    UPDATE run SET node = @Id, incarnation = @Incarnation, taken_from = @Node, changed = clock_timestamp(), change = pg_current_xact_id()
                    WHERE id = @run AND node = @Node AND incarnation = @Before AND NOT over
                      AND NOT EXISTS (SELECT FROM node WHERE node.id = @Node AND node.incarnation = @Before AND lease_until > clock_timestamp())
                    """,
                    new { own.Id, own.Incarnation, run = run.Id, run.Node, Before = run.Incarnation }),
                stop) == 1;
            if (!taken)
                return false;
            RunCopy.Forget(Path.Combine(_folder, run.Id));
            _others.TryRemove(run.Id, out _);
            return true;
        }
        finally
        {
            _pulling.Release();
        }
    }

    private async Task FlushAsync(string id, CancellationToken stop)
    {
        var folder = Path.Combine(_folder, id);
        if (!RunFolder.Exists(folder) || RunCopy.Is(folder))
            return;
        await _pushing.WaitAsync(stop);
        try
        {
            await _push.FlushAsync(folder, stop);
        }
        finally
        {
            _pushing.Release();
        }
    }
}
