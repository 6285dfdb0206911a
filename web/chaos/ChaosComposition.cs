using Microsoft.Extensions.DependencyInjection;
using Pressure.Chaos;
using Pressure.Faults;

namespace Pressure.Web.Chaos;

/// <summary>Puts chaos of the service together.</summary>
internal static class ChaosComposition
{
    public static void Add(IServiceCollection services, WebOptions options, TimeProvider time)
    {
        var tools = new FaultTools(time, FaultTools.UsualSocket, options.ChaosFolder);
        services.AddSingleton(_ => new ChaosCatalogue([.. FaultCatalogue.All(tools).Select(f => f.Description)], []));
        services.AddSingleton(_ => new DeskParts { Time = time, World = _ => throw new NotSupportedException(), RunsFolder = options.RunsFolder, Halted = () => null, Look = (_, _) => Task.FromResult<GuardAnswer>(new GuardAnswer.Permit()) });
        services.AddSingleton<ChaosService>();
    }
}
