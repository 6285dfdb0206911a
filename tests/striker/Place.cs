using System.Text.Json;
using Pressure.Faults;
using Pressure.TestKit;

namespace Pressure.Striker;

/// <summary>Where rounds take place: a state folder, and what is struck. Gone with it.</summary>
internal sealed class Place : IAsyncDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("pressure-striker-");
    private readonly List<IStruck> _struck = [];
    private DockerEngine? _engine;

    public string State => Directory.CreateDirectory(Path.Combine(_root.FullName, "state")).FullName;

    /// <summary>Orders for a controller, one a line.</summary>
    public string Orders => Path.Combine(_root.FullName, "orders");

    /// <summary>The engine's socket; the usual one if there is no engine of its own.</summary>
    public string Socket => _engine?.Socket ?? FaultTools.UsualSocket;

    public IReadOnlyList<IStruck> Struck => _struck;

    /// <summary>Twenty things, most of them struck by faults of the catalogue; without root, only what needs none.</summary>
    public static Place Mixed()
    {
        var place = new Place();
        for (var i = 0; i < 4; i++)
        {
            place._struck.Add(StruckFolder.Notes(byProgram: i % 2 == 1, 10 + (i * 20)));
            place._struck.Add(StruckProcess.Frozen());
            place._struck.Add(i % 2 == 0 ? StruckProcess.Throttled() : StruckFolder.Filled());
            place._struck.Add(StruckNetwork.Lossy("30%"));
            place._struck.Add(i == 3 ? new StruckHost(place.State) : StruckNetwork.Cut());
        }
        return place;
    }

    /// <summary>What the kernel, or a process of its own, ends at the deadline, and a few things that it does not.</summary>
    public static Place Ending()
    {
        var place = new Place();
        place._struck.AddRange([StruckNetwork.Lossy("100%"), StruckNetwork.Lossy("100%"), StruckNetwork.Cut(), StruckNetwork.Cut(), new StruckHost(place.State)]);
        place._struck.AddRange([StruckProcess.Frozen(), StruckProcess.Throttled(), StruckFolder.Filled()]);
        return place;
    }

    /// <summary>Many of a kind.</summary>
    public static async Task<Place> OfAsync(string kind, int count)
    {
        var place = new Place();
        if (kind.StartsWith("container-", StringComparison.Ordinal))
            await place.AddContainersAsync(kind, count);
        for (var i = place._struck.Count; i < count; i++)
            place._struck.Add(kind == "network-loss" ? StruckNetwork.Lossy("30%") : StruckProcess.Frozen());
        return place;
    }

    /// <summary>Containers, half of them to be paused, half of them to be killed.</summary>
    public static async Task<Place> ContainersAsync(int count)
    {
        var place = new Place();
        await place.AddContainersAsync("container-pause", count / 2);
        await place.AddContainersAsync("container-kill", count - (count / 2));
        return place;
    }

    /// <summary>Writes the orders, with targets as they are now.</summary>
    public async Task AimAsync()
    {
        List<string> lines = [];
        foreach (var struck in _struck)
        {
            var order = new FaultOrder(struck.Kind, await struck.TargetAsync(), TimeSpan.FromSeconds(1)) { Arguments = struck.Arguments, Experiment = "striker", By = "striker" };
            lines.Add(JsonSerializer.Serialize(order, FaultJson.Default.FaultOrder));
        }
        await File.WriteAllLinesAsync(Orders, lines);
    }

    /// <summary>What is struck still, looked at from outside.</summary>
    public async Task<IReadOnlyList<IStruck>> StillStruckAsync()
    {
        var looks = await Task.WhenAll(_struck.Select(async s => (Struck: s, Is: await s.IsStruckAsync())));
        return [.. looks.Where(l => l.Is).Select(l => l.Struck)];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var struck in _struck)
            struck.Dispose();
        if (_engine is not null)
            await _engine.DisposeAsync();
        _root.Delete(recursive: true);
    }

    private async Task AddContainersAsync(string kind, int count)
    {
        _engine ??= await DockerEngine.StartAsync();
        _struck.AddRange(await StruckContainer.StartAsync(_engine, kind, count));
    }
}
