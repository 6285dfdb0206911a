using Microsoft.Extensions.Hosting;
using Pressure.Reports.Export;
using Pressure.Web.Access;

namespace Pressure.Web.Export;

/// <summary>Passes everything that agents tell on to the exporters, whether a run goes on or not. What comes late, after a cut, comes late here too, under its own time.</summary>
internal sealed class AgentExport(IAgentHistory history, MetricExport export, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // What was told before the service started was exported by its forerunner.
        var from = time.GetUtcNow();
        var followed = new Dictionary<string, Task<DateTimeOffset>>();
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            do
            {
                foreach (var agent in history.Agents)
                {
                    if (!followed.TryGetValue(agent.Name, out var following))
                        followed[agent.Name] = FollowAsync(agent, from, stoppingToken);
                    else if (following.IsCompletedSuccessfully)
                        followed[agent.Name] = FollowAsync(agent, await following, stoppingToken);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end of the service.
        }
        await Task.WhenAll(followed.Values);
    }

    /// <summary>Follows one agent until its stream ends; gives from when on to go on.</summary>
    private async Task<DateTimeOffset> FollowAsync(AgentPresence agent, DateTimeOffset from, CancellationToken stop)
    {
        await Task.Yield();
        try
        {
            await foreach (var entry in history.FollowAsync(agent.Name, from, stop))
            {
                if (entry.Entry.Host is { } sample)
                    export.Take(agent.Name, agent.Labels, sample, entry.At);
                if (entry.Entry.Gc is { } collection)
                    export.Take(agent.Name, agent.Labels, collection, entry.At);
                from = entry.At >= from ? entry.At.AddTicks(1) : from;
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The end of the service, or a stream that broke: it is followed again, from where it broke.
        }
        return from;
    }
}
