using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pressure.Faults.Tests;

/// <summary>One engine for all tests of a class: starting one takes seconds. Classes have one each, so that they run side by side.</summary>
public sealed class EngineFixture : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private string? _network;

    public DockerEngine Engine { get; private set; } = null!;

    internal FaultTools Tools { get; private set; } = null!;

    public DockerApi Api { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Engine = await DockerEngine.StartAsync();
        Tools = new(TimeProvider.System, Engine.Socket, _folder.Path);
        Api = new(Engine.Socket);
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await Engine.DisposeAsync();
        _folder.Dispose();
    }

    internal IFault Fault(string kind) => ContainerFaults.All(Tools).Single(f => f.Description.Kind == kind);

    /// <summary>Starts a container that sleeps, by a name that nobody else has.</summary>
    public Task<DockerContainer> SleeperAsync(Func<ContainerOrder, ContainerOrder>? with = null)
    {
        var order = new ContainerOrder($"t{Guid.NewGuid():N}"[..10], "busybox", "sleep", "1000");
        return Engine.RunAsync(with?.Invoke(order) ?? order);
    }

    /// <summary>A network that tests share which don't look at its addresses; those of a class run one after the other.</summary>
    public async Task<string> NetworkAsync()
    {
        if (_network is null)
            await Engine.CreateNetworkAsync("shared");
        return _network = "shared";
    }

    public async Task<JsonObject> InspectAsync(string container) => await Api.InspectAsync(container, CancellationToken.None) ?? throw new IOException($"{container} is gone");

    internal async Task<ContainerFacts> FactsAsync(string container) => ContainerFacts.From(await InspectAsync(container));

    public async Task<FaultTarget.Container> TargetAsync(DockerContainer container) => (await FactsAsync(container.Id)).Target;

    /// <summary>Prepares it and writes what would stand in the journal.</summary>
    internal async Task<(IFault Fault, FaultIntent Intent)> IntendAsync(string kind, FaultTarget.Container target, JsonObject? arguments = null)
    {
        var fault = Fault(kind);
        var order = new FaultOrder(kind, target, TimeSpan.FromMinutes(1)) { Arguments = arguments ?? [] };
        return await fault.PrepareAsync(order, CancellationToken.None) switch
        {
            Preparation.Ready ready => (fault, Intent(order, ready.Prior)),
            var other => throw new IOException($"{other}"),
        };
    }

    internal static FaultIntent Intent(FaultOrder order, JsonObject prior)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new()
        {
            Handle = Guid.NewGuid().ToString("N")[..12],
            Kind = order.Kind,
            Target = order.Target,
            Arguments = order.Arguments,
            // As it comes back from the disk.
            Prior = (JsonObject)JsonNode.Parse(prior.ToJsonString())!,
            JournaledAt = now,
            Deadline = now + order.Duration,
            DeadlineSinceBoot = TimeSpan.Zero,
            BootId = "",
        };
    }

    /// <summary>Applies it.</summary>
    internal async Task<(IFault Fault, FaultIntent Intent)> StrikeAsync(string kind, FaultTarget.Container target, JsonObject? arguments = null)
    {
        var (fault, intent) = await IntendAsync(kind, target, arguments);
        await fault.ApplyAsync(intent, CancellationToken.None);
        return (fault, intent);
    }

    /// <summary>What an inspection tells, without the places named. The engine itself lists mounts in another order each time.</summary>
    public static string Without(JsonObject inspected, params IEnumerable<string> places)
    {
        var copy = inspected.DeepClone();
        copy["Mounts"] = new JsonArray([.. inspected.List("Mounts").OrderBy(m => m.Text("Destination"), StringComparer.Ordinal).Select(m => m!.DeepClone())]);
        foreach (var place in places)
        {
            var names = place.Split('/');
            var at = names[..^1].Aggregate(copy, (node, name) => node?[name]!);
            (at as JsonObject)?.Remove(names[^1]);
        }
        return copy.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }
}
