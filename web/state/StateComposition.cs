using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pressure.Web.Chaos;
using Pressure.Web.Health;
using Pressure.Web.Settings;

namespace Pressure.Web.State;

/// <summary>Puts together what nodes share; without a database there is nothing of it.</summary>
internal static class StateComposition
{
    public static void Add(IServiceCollection services, WebOptions options, SharedState state)
    {
        // Made outside, and disposed of there: runs still tell of their end when the container is gone.
        services.AddSingleton(_ => state);
        services.Configure<KeyManagementOptions>(keys => keys.XmlRepository = new SharedKeys(Path.Combine(options.RunsFolder, ".keys"), state.Files));
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
        state.Start(app.Services.GetRequiredService<ILogger<SharedState>>());
        state.Every(ServiceNodes.Beat, "what dead nodes left", async stop =>
        {
            foreach (var left in await state.Claims.TakeAbandonedAsync(stop))
            {
                if (ScheduleClaims.ScheduleOf(left.What) is { } schedule)
                    await chaos.Schedules.AbandonedAsync(schedule, left.At, left.Node);
            }
        });
    }

    private static void Heard(string name, SettingsFile settings, ChaosService chaos)
    {
        if (name == "settings.json")
            settings.Reload();
        else if (name.StartsWith(".chaos/drills/", StringComparison.Ordinal))
            _ = chaos.Schedules.ReloadAsync(Path.GetFileNameWithoutExtension(name));
    }
}
