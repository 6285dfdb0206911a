using System.Globalization;
using Pressure.Faults;
using Pressure.TestKit;

namespace Pressure.Striker;

/// <summary>A container; struck unless the engine says that it runs and is not paused. It is gone with its engine.</summary>
internal sealed class StruckContainer(string kind, DockerContainer container) : IStruck
{
    public string Kind => kind;

    public async Task<FaultTarget> TargetAsync()
    {
        var inspected = await container.InspectAsync();
        return new FaultTarget.Container(container.Id, container.Name, inspected.GetProperty("State").GetProperty("StartedAt").GetString()!);
    }

    public async Task<bool> IsStruckAsync()
    {
        var state = (await container.InspectAsync()).GetProperty("State");
        return !state.GetProperty("Running").GetBoolean() || state.GetProperty("Paused").GetBoolean();
    }

    public void Dispose()
    {
        // Its engine takes it along.
    }

    /// <summary>Starts some.</summary>
    public static async Task<IReadOnlyList<IStruck>> StartAsync(DockerEngine engine, string kind, int count)
    {
        List<IStruck> all = [];
        for (var i = 0; i < count; i++)
            all.Add(new StruckContainer(kind, await engine.RunAsync(new ContainerOrder(string.Create(CultureInfo.InvariantCulture, $"{kind}-{i}"), "busybox", "sleep", "3600"))));
        return all;
    }
}
