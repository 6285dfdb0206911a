using System.Formats.Tar;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Pressure.Faults;

namespace Pressure.Cli.Demo;

/// <summary>
/// The sample shop with every service in a container of its own and two for items. The containers have no system of their own: they see this machine's libraries
/// and .NET, read-only, and its network, so that nothing needs to be fetched or set up.
/// </summary>
internal sealed class ContainedShop : IAsyncDisposable
{
    /// <summary>The label of items' containers, beside the one that allows chaos.</summary>
    public const string ServiceLabel = "pressure.service";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] Mounts = ["/usr", "/lib", "/lib64", "/bin", "/sbin", "/etc/ssl"];
    private static readonly string[] Empty = ["tmp", "proc", "sys", "dev", "etc", "var", "root"];

    private readonly DockerApi _engine;
    private readonly string _name = $"shop-{Environment.ProcessId}";
    private readonly List<string> _containers = [];

    private ContainedShop(DockerApi engine) => _engine = engine;

    public string GatewayUrl { get; private set; } = "";

    /// <summary>How the containers of items are called; only one of them will be struck.</summary>
    public string ItemNames => $"{_name}-item-*";

    /// <exception cref="DockerException">The engine says no.</exception>
    /// <exception cref="IOException">The shop did not get ready.</exception>
    public static async Task<ContainedShop> StartAsync(string socket, CancellationToken stop)
    {
        var shop = new ContainedShop(new DockerApi(socket));
        try
        {
            await shop._engine.ImportAsync(shop._name, "latest", EmptySystem(), stop);
            var ports = FreePorts(5);
            string At(int i) => $"http://127.0.0.1:{ports[i]}";
            await shop.RunAsync("item-1", "item", ports[0], [], stop);
            await shop.RunAsync("item-2", "item", ports[1], [], stop);
            await shop.RunAsync("cart", "cart", ports[2], [], stop);
            await shop.RunAsync("order", "order", ports[3], [], stop);
            await shop.RunAsync("gateway", "gateway", ports[4], ["--item", At(0), "--item", At(1), "--cart", At(2), "--order", At(3)], stop);
            foreach (var i in Enumerable.Range(0, ports.Length))
                await UntilReadyAsync(At(i), stop);
            shop.GatewayUrl = At(4);
            return shop;
        }
        catch
        {
            await shop.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Whatever brought us here, nothing is to be left of the shop.
        foreach (var container in _containers)
            await TryAsync($"containers/{container}?force=1&v=1");
        await TryAsync($"images/{_name}:latest?force=1");
        _engine.Dispose();
    }

    private async Task RunAsync(string name, string role, int port, string[] more, CancellationToken stop)
    {
        // The runtime lies in shared/NAME/VERSION below the folder of `dotnet`; who started us may be a host of our own.
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var program = AppContext.BaseDirectory.TrimEnd('/');
        string[] command = [Path.Combine(dotnet, "dotnet"), Path.Combine(program, "shop.dll"), "--role", role, "--port", $"{port}", .. more];
        var order = new JsonObject
        {
            ["Image"] = $"{_name}:latest",
            ["Cmd"] = new JsonArray([.. command.Select(c => (JsonNode)c)]),
            ["Env"] = new JsonArray("PATH=/usr/local/bin:/usr/bin:/bin", "DOTNET_NOLOGO=1", "HOME=/root"),
            ["Labels"] = new JsonObject { ["pressure.chaos"] = "allow", [ServiceLabel] = role },
            ["HostConfig"] = new JsonObject
            {
                ["Binds"] = new JsonArray([.. Mounts.Where(Directory.Exists).Append(dotnet).Append(program).Distinct().Select(p => (JsonNode)$"{p}:{p}:ro")]),
                ["NetworkMode"] = "host",
            },
        };
        var created = await _engine.AskAsync(HttpMethod.Post, $"containers/create?name={_name}-{name}", order, stop);
        var id = created!["Id"]!.GetValue<string>();
        _containers.Add(id);
        await _engine.AskAsync(HttpMethod.Post, $"containers/{id}/start", null, stop);
    }

    private async Task TryAsync(string path)
    {
        try
        {
            await _engine.AskAsync(HttpMethod.Delete, path, null, CancellationToken.None);
        }
        catch (DockerException)
        {
            // Gone already, or the engine is; then so is everything in it.
        }
    }

    private static async Task UntilReadyAsync(string url, CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(2) };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Patience);
        while (true)
        {
            try
            {
                (await http.GetAsync("/health", limit.Token)).EnsureSuccessStatusCode();
                return;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !limit.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None);
            }
            catch (OperationCanceledException e)
            {
                throw new IOException($"The shop's service on {url} was not ready within {Patience.TotalSeconds:0} s.", e);
            }
        }
    }

    /// <summary>Folders for others to be mounted on, and nothing else.</summary>
    private static byte[] EmptySystem()
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            foreach (var folder in Empty)
                writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, folder) { Mode = (UnixFileMode)0b1_111_111_111 });
        }
        return tar.ToArray();
    }

    private static int[] FreePorts(int count)
    {
        // All at once, so that none is given twice.
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(l => l.Start());
        int[] ports = [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        listeners.ForEach(l => l.Dispose());
        return ports;
    }
}
