using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Pressure.Chaos;
using Pressure.Web.State;

namespace Pressure.Web.Chaos;

/// <summary>
/// Brings drills whose node has died to an end: waits until what they struck is undone, writes why they ended into their record, and tells the guards that
/// nothing of them holds any more. That may take as long as a fault may last, so it happens beside everything else.
/// </summary>
internal sealed class DrillSuccessor(ServiceWorld world, DeskParts parts, TimeProvider time, ILogger<DrillSuccessor> log) : IRunSuccessor, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Task> _closing = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Whether a drill is being brought to its end.</summary>
    public bool Tends(string id) => _closing.ContainsKey(id);

    /// <inheritdoc/>
    public Task<bool> TryResumeAsync(TakenRun run, CancellationToken stop)
    {
        if (DrillFile.TryRead(run.Folder) is not { End: null } || _stop.IsCancellationRequested)
            return Task.FromResult(false);
        var id = Path.GetFileName(run.Folder);
        // Noted before it can be over.
        var begun = new TaskCompletionSource();
        _closing[id] = Task.Run(async () =>
        {
            await begun.Task;
            try
            {
                await CloseAsync(run);
            }
            finally
            {
                // One that is tended for ever would keep its schedule from going on.
                _closing.TryRemove(id, out _);
            }
        }, CancellationToken.None);
        begun.SetResult();
        return Task.FromResult(true);
    }

    /// <summary>Waits no longer; whoever takes the drills over next begins again.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_closing.Values);
        _stop.Dispose();
    }

    private async Task CloseAsync(TakenRun run)
    {
        try
        {
            using var drill = LeftDrill.Open(run.Folder, time);
            if (drill is null)
                return;
            var behind = await drill.Left.SettleAsync(world.Agents, run.HasEnded, drill, time, _stop.Token);
            if (_stop.IsCancellationRequested)
                return;
            if (behind.IsUndone)
                await ReleaseAsync(drill.Left);
            drill.Close($"the node {run.From}, which led it, is gone", behind.Left);
            drill.Dispose();
            await parts.Report(run.Folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            log.LogWarning("The drill {Folder} can't be closed: {Problem}", run.Folder, e.Message);
        }
    }

    /// <summary>What was struck counts as struck no more; what was spent of budgets stays spent.</summary>
    public async Task ReleaseAsync(LeftChaos left)
    {
        try
        {
            foreach (var experiment in left.Experiments)
                await world.Guards.EndedAsync(experiment.Experiment);
        }
        catch (GuardBookException e)
        {
            // Then it counts until the end that was planned.
            log.LogWarning("{Problem}", e.Message);
        }
    }
}
