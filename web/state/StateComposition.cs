using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pressure.Web.Access;
using Pressure.Web.Chaos;
using Pressure.Web.Health;
using Pressure.Web.Runs;
using Pressure.Web.Settings;

namespace Pressure.Web.State;

/// <summary>Puts together what nodes share; without a database there is nothing of it.</summary>
internal static class StateComposition
{
    public static void Add(IServiceCollection services, WebOptions options, SharedState state)
    {
        // An instance is not the container's to dispose of: runs still tell of their end when the container is gone.
        services.AddSingleton(state);
        services.Configure<KeyManagementOptions>(keys => keys.XmlRepository = new SharedKeys(Path.Combine(options.RunsFolder, ".keys"), state.Files));
        services.AddSingleton<Forwarding>();
        services.AddHttpContextAccessor();
        services.AddSingleton(s => new NodeAgents(state, s.GetService<AccessServer>(), s.GetRequiredService<IHttpContextAccessor>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IAgentHistory>(s => s.GetRequiredService<NodeAgents>());
        services.AddSingleton<IHealthCheck>(new DatabaseCheck(state));
        services.AddSingleton<IHealthCheck>(new NodesCheck(state));
    }

    /// <summary>Makes the first key while no other node can, and begins to hear of the others.</summary>
    /// <exception cref="IOException">The database can't be used.</exception>
    public static async Task StartAsync(WebApplication app, SharedState state, string address)
    {
        app.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("start").Protect([1]);
        await state.Files.OfferAsync();
        await state.Nodes.JoinAsync(address);
        var (settings, chaos) = (app.Services.GetRequiredService<SettingsFile>(), app.Services.GetRequiredService<ChaosService>());
        state.Files.Changed += name => Heard(name, settings, chaos);
        // What came in between was heard by nobody.
        settings.Reload();
        WatchRuns(app, state, chaos);
        state.Every(state.Nodes.Beat, "agents of other nodes", app.Services.GetRequiredService<NodeAgents>().MeetAsync);
        state.Every(state.Nodes.Beat, "monkeys", stop => chaos.Monkeys.LeadAsync(name => MayRunAsync(state, name, stop)));
        state.Start(app.Services.GetRequiredService<ILogger<SharedState>>());
        state.Every(state.Nodes.Beat, "what dead nodes left", async stop =>
        {
            foreach (var left in await state.Claims.TakeAbandonedAsync(stop))
            {
                if (ScheduleClaims.ScheduleOf(left.What) is { } schedule)
                    await chaos.Schedules.AbandonedAsync(schedule, left.At, left.Node);
            }
        });
    }

    private static void WatchRuns(WebApplication app, SharedState state, ChaosService chaos)
    {
        var (store, active, reports) = (app.Services.GetRequiredService<RunStore>(), app.Services.GetRequiredService<ActiveRuns>(), app.Services.GetRequiredService<ReportsOnDemand>());
        var successor = app.Services.GetService<IRunSuccessor>();
        state.Runs.GoesOn = id => active.Find(id) is not null || chaos.Desk.Find(id) is not null;
        state.Every(state.Nodes.Beat, "runs that are over", stop => state.Runs.CloseOwnAsync(store, stop));
        state.Every(state.Nodes.Beat, "runs of dead nodes", stop => state.Runs.TakeOverAsync(store, reports, successor, stop));
        state.Closing = stop => state.Runs.CloseOwnAsync(store, stop);
    }

    /// <summary>While the database is away a monkey stays with the node that has it, as long as that one's lease holds.</summary>
    private static async Task<bool> MayRunAsync(SharedState state, string monkey, CancellationToken stop)
    {
        if (!state.Nodes.HoldsLease)
            return false;
        try
        {
            return await state.Claims.HoldAsync($"monkey {monkey}", stop);
        }
        catch (DatabaseAwayException)
        {
            // Whoever could not ask may have lost it: one too few is better than one too many.
            return false;
        }
    }

    private static void Heard(string name, SettingsFile settings, ChaosService chaos)
    {
        if (name == "settings.json")
            settings.Reload();
        else if (name.StartsWith(".chaos/drills/", StringComparison.Ordinal))
            _ = chaos.Schedules.ReloadAsync(Path.GetFileNameWithoutExtension(name));
    }
}
