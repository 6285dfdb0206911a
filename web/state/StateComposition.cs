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
        var access = app.Services.GetService<AccessServer>();
        await state.Nodes.JoinAsync(address, access?.Address);
        var (settings, chaos) = (app.Services.GetRequiredService<SettingsFile>(), app.Services.GetRequiredService<ChaosService>());
        state.Files.Changed += name =>
        {
            Heard(name, settings, chaos);
            access?.Heard(name);
        };
        // What came in between was heard by nobody.
        settings.Reload();
        WatchRuns(app, state, chaos);
        state.Every(state.Nodes.Beat, "agents of other nodes", app.Services.GetRequiredService<NodeAgents>().MeetAsync);
        if (access is not null)
            state.Every(state.Nodes.Beat, "where agents dial in", _ => TellAgents(state, access));
        state.Every(state.Nodes.Beat, "monkeys", stop => chaos.Monkeys.LeadAsync(name => MayRunAsync(state, name, stop), state.Nodes.Lease));
        state.Start(app.Services.GetRequiredService<ILogger<SharedState>>());
        var moments = app.Services.GetRequiredService<LeftMoments>();
        state.Every(state.Nodes.Beat, "what dead nodes left", async stop =>
        {
            foreach (var left in await state.Claims.TakeAbandonedAsync(stop))
                await moments.NoteAsync(left);
        });
    }

    /// <summary>Agents hear of the nodes that are there; of a dead one only when there is a living one besides, so that nobody forgets its only one.</summary>
    private static Task TellAgents(SharedState state, AccessServer access)
    {
        access.Tell([access.Address, .. state.Nodes.All.Where(n => n.Alive && n.Id != state.Nodes.Own.Id).Select(n => n.Agents).OfType<string>().Order(StringComparer.Ordinal)]);
        return Task.CompletedTask;
    }

    /// <summary>Begins to note which runs are over: after those that this node goes on with go on again, so that they are not taken for such.</summary>
    public static void NoteEnds(WebApplication app, SharedState state)
    {
        var store = app.Services.GetRequiredService<RunStore>();
        state.Every(state.Nodes.Beat, "runs that are over", stop => state.Runs.CloseOwnAsync(store, stop));
        state.Closing = stop => state.Runs.CloseOwnAsync(store, stop);
    }

    private static void WatchRuns(WebApplication app, SharedState state, ChaosService chaos)
    {
        var (store, active, reports) = (app.Services.GetRequiredService<RunStore>(), app.Services.GetRequiredService<ActiveRuns>(), app.Services.GetRequiredService<ReportsOnDemand>());
        var drills = app.Services.GetRequiredService<DrillSuccessor>();
        IReadOnlyList<IRunSuccessor> successors = [drills, .. app.Services.GetServices<IRunSuccessor>()];
        state.Runs.GoesOn = id => active.Find(id) is not null || chaos.Desk.Find(id) is not null || drills.Tends(id);
        state.Every(state.Nodes.Beat, "runs of dead nodes", stop => state.Runs.TakeOverAsync(store, reports, successors, stop));
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
