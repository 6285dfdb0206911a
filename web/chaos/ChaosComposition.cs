using Microsoft.Extensions.DependencyInjection;
using Pressure.Chaos;
using Pressure.Faults;
using Pressure.Reports;
using Pressure.Web.Access;
using Pressure.Web.State;

namespace Pressure.Web.Chaos;

/// <summary>Puts chaos of the service together.</summary>
internal static class ChaosComposition
{
    public static void Add(IServiceCollection services, WebOptions options, TimeProvider time)
    {
        var halt = new GlobalStop(options.ChaosFolder);
        services.AddSingleton(ExperimentKinds.Usual with { Probes = ProbeFactory.Every });
        services.AddSingleton(s => new ServiceWorld(options, time, s.GetService<AccessServer>(), s.GetService<SharedState>(), s.GetService<NodeAgents>()));
        services.AddSingleton<ServiceRules>();
        services.AddSingleton<GuardDesk>();
        services.AddSingleton(s => new DeskParts
        {
            Time = time,
            World = s.GetRequiredService<ServiceWorld>().OnAsync,
            Look = (request, stop) => s.GetRequiredService<ServiceWorld>().Guards.LookAsync(request, stop),
            Audit = s.GetRequiredService<ServiceWorld>().Audit,
            RunsFolder = options.RunsFolder,
            Halted = () => halt.Read()?.ToString(),
            Report = ReportAsync,
        });
        services.AddSingleton<ChaosService>();
        services.AddSingleton<ExperimentsOfRun>();
        services.AddSingleton<ScheduledRuns>();
        // Experiments go along with runs, and schedules begin runs: one of the two must come later.
        services.AddSingleton(s => new Lazy<ScheduledRuns>(s.GetRequiredService<ScheduledRuns>));
        services.AddSingleton<DrillSuccessor>();
        services.AddSingleton<LeftMoments>();
    }

    private static async Task ReportAsync(string folder)
    {
        try
        {
            await ReportWriter.WriteAsync(folder, new ReportOptions(), CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            // The run's page tries again, and tells what is wrong.
        }
    }
}
