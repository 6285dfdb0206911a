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
internal sealed class ContainedShop : IDisposable
{
    /// <summary>The label of items' containers, beside the one that allows chaos.</summary>
    public const string ServiceLabel = "pressure.service";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] Mounts = ["/usr", "/lib", "/lib64", "/bin", "/sbin", "/etc/ssl"];
    private static readonly string[] Empty = ["tmp", "proc", "sys", "dev", "etc", "var", "root"];

    /// <summary>The label that says which demo a container belongs to.</summary>
    private const string DemoLabel = "pressure.demo";

    private readonly DockerApi _engine;
    private readonly string _name;

    private ContainedShop(DockerApi engine, string name) => (_engine, _name) = (engine, name);

    public string GatewayUrl { get; private set; } = "";

    /// <summary>How the containers of items are called; only one of them will be struck.</summary>
    public string ItemNames => $"{_name}-item-*";

    /// <param name="socket">The engine.</param>
    /// <param name="name">What its containers' names begin with; <see cref="ClearAsync"/> by this name removes them.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="DockerException">The engine says no.</exception>
    /// <exception cref="IOException">The shop did not get ready.</exception>
    public static async Task<ContainedShop> StartAsync(string socket, string name, CancellationToken stop)
    {
        var shop = new ContainedShop(new DockerApi(socket), name);
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
            shop.Dispose();
            throw;
        }
    }

    /// <summary>Leaves the engine; the containers stay until <see cref="ClearAsync"/>.</summary>
    public void Dispose() => _engine.Dispose();

    /// <summary>Removes all that is left of a shop: its containers, running or not, and their image.</summary>
    /// <param name="socket">The engine.</param>
    /// <param name="name">As it was started by.</param>
    public static async Task ClearAsync(string socket, string name)
    {
        using var engine = new DockerApi(socket);
        var ours = Uri.EscapeDataString(new JsonObject { ["label"] = new JsonArray($"{DemoLabel}={name}") }.ToJsonString());
        if (await TryAsync(engine, HttpMethod.Get, $"containers/json?all=1&filters={ours}") is JsonArray containers)
        {
            foreach (var container in containers)
                await TryAsync(engine, HttpMethod.Delete, $"containers/{container!["Id"]}?force=1&v=1");
        }
        await TryAsync(engine, HttpMethod.Delete, $"images/{name}:latest?force=1");
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
            ["Labels"] = new JsonObject { ["pressure.chaos"] = "allow", [ServiceLabel] = role, [DemoLabel] = _name },
            ["HostConfig"] = new JsonObject
            {
                ["Binds"] = new JsonArray([.. Mounts.Where(Directory.Exists).Append(dotnet).Append(program).Distinct().Select(p => (JsonNode)$"{p}:{p}:ro")]),
                ["NetworkMode"] = "host",
            },
        };
        var created = await _engine.AskAsync(HttpMethod.Post, $"containers/create?name={_name}-{name}", order, stop);
        var id = created!["Id"]!.GetValue<string>();
        await _engine.AskAsync(HttpMethod.Post, $"containers/{id}/start", null, stop);
    }

    private static async Task<JsonNode?> TryAsync(DockerApi engine, HttpMethod method, string path)
    {
        try
        {
            return await engine.AskAsync(method, path, null, CancellationToken.None);
        }
        catch (DockerException)
        {
            // Gone already, or the engine is; then so is everything in it.
            return null;
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
