using Microsoft.Extensions.Logging;
using Pressure.Chaos;

namespace Pressure.Web.State;

/// <summary>What this node shares with the others, put together, and the loops that keep it up to date.</summary>
internal sealed class SharedState : IAsyncDisposable
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(500);

    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _loops = [];
    private ILogger? _log;

    private SharedState(WebOptions options, ServiceDatabase database, NodeIdentity own, TimeProvider time)
    {
        (_time, Database) = (time, database);
        Nodes = new ServiceNodes(database, own, time);
        Claims = new Claims(database, Nodes);
        Audit = new SharedAudit(database.Source, own.Id, time, new AuditLog(options.ChaosFolder, time));
        Files = new SharedFiles(options.RunsFolder, database, own.Id);
    }

    public ServiceDatabase Database { get; }

    public ServiceNodes Nodes { get; }

    public Claims Claims { get; }

    public SharedAudit Audit { get; }

    public SharedFiles Files { get; }

    /// <summary>Connects and brings tables and this disk up to date.</summary>
    /// <exception cref="IOException">That can't be; the message says it for people.</exception>
    public static async Task<SharedState> OpenAsync(WebOptions options, TimeProvider time, CancellationToken stop = default)
    {
        var own = NodeIdentity.Of(options.RunsFolder, options.Node!.Advertise ?? options.Url);
        var state = new SharedState(options, await ServiceDatabase.OpenAsync(options.Node.Database, stop), own, time);
        try
        {
            await state.Files.PullAsync(stop);
            return state;
        }
        catch
        {
            await state.DisposeAsync();
            throw;
        }
    }

    /// <summary>Does something again and again until the end; what the database's absence hinders is done when it is back.</summary>
    public void Every(TimeSpan rest, string what, Func<CancellationToken, Task> action) => _loops.Add(Task.Run(() => LoopAsync(rest, what, action)));

    /// <summary>Begins to be heard, and to hear of what others change.</summary>
    public void Start(ILogger log)
    {
        _log = log;
        Every(ServiceNodes.Beat, "heartbeat", Nodes.BeatAsync);
        Every(Often, "shared files", Files.PullAsync);
    }

    /// <summary>Ends the loops, and gives everything back that others might wait for.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync();
        await Task.WhenAll(_loops);
        await Nodes.LeaveAsync();
        await Database.DisposeAsync();
        _stop.Dispose();
    }

    private async Task LoopAsync(TimeSpan rest, string what, Func<CancellationToken, Task> action)
    {
        string? before = null;
        using var again = new PeriodicTimer(rest, _time);
        try
        {
            do
            {
                var problem = await ProblemOfAsync(action);
                if (problem is not null && problem != before)
                    _log?.LogWarning("Between nodes, {What}: {Problem}", what, problem);
                before = problem;
            }
            while (await again.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

    private async Task<string?> ProblemOfAsync(Func<CancellationToken, Task> action)
    {
        try
        {
            await action(_stop.Token);
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException and not OperationCanceledException)
        {
            // A loop that ended by a mistake of ours would leave this node behind for good.
            return e.Message;
        }
    }
}
