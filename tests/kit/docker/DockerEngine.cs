using System.Diagnostics;
using System.Formats.Tar;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Pressure.TestKit;

/// <summary>
/// A real Docker engine of a test's own: its own folder, socket and bridge; nothing of it is left when it is disposed. Needs root.
/// </summary>
/// <remarks>
/// Containers have no image of their own but see the machine's programs (<c>/usr</c>, <c>/lib</c>, ... read-only), so <c>dotnet</c>, <c>java</c> and
/// <c>busybox</c> run in them in a few milliseconds: what is tested is what the kernel makes of a container.
/// </remarks>
public sealed class DockerEngine : IAsyncDisposable
{
    private const string Image = "machine:latest";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly string[] Programs = ["/usr", "/lib", "/lib64", "/bin", "/sbin", "/etc/ssl", "/etc/java-17-openjdk", "/etc/alternatives", "/opt"];

    private readonly TempFolder _folder = new();
    private readonly bool _keepsContainers;
    private Process _engine;
    private readonly IDisposable _taken;
    private readonly string _bridge;
    private readonly Lock _logGate = new();
    private readonly HttpClient _http;
    private readonly List<string> _networks = [];
    private readonly byte _subnet;

    private DockerEngine(IDisposable taken, string bridge, byte subnet, bool keepsContainers)
    {
        (_taken, _bridge, _subnet, _keepsContainers) = (taken, bridge, subnet, keepsContainers);
        Run("ip", "link", "add", bridge, "type", "bridge");
        Run("ip", "address", "add", $"10.213.{subnet}.1/24", "dev", bridge);
        Run("ip", "link", "set", bridge, "up");
        // Where another engine was once started, packets between a bridge's own ports are dropped unless somebody lets them pass.
        Run("iptables", ["-w", "-I", .. BetweenPorts(bridge)]);
        Socket = _folder.File("docker.sock");
        _http = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync }) { BaseAddress = new Uri("http://docker/v1.41/"), Timeout = Patience };
        _engine = Launch();
    }

    /// <summary>Path of the engine's unix socket.</summary>
    public string Socket { get; }

    /// <summary>Starts an engine; it answers when this returns.</summary>
    /// <param name="keepsContainers">Its containers go on while it is away (its own <c>--live-restore</c>).</param>
    /// <exception cref="IOException">It did not start; the message has the end of its log.</exception>
    public static async Task<DockerEngine> StartAsync(bool keepsContainers = false)
    {
        var (taken, bridge, subnet) = FreeBridge();
        var engine = new DockerEngine(taken, bridge, subnet, keepsContainers);
        try
        {
            await engine.WaitAsync();
            await engine.ImportImageAsync();
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the engine's own process, as an update does.</summary>
    public async Task EndAsync()
    {
        Run("kill", "-TERM", $"{_engine.Id}");
        await _engine.WaitForExitAsync();
    }

    /// <summary>Starts the engine's process again; it answers when this returns.</summary>
    public async Task BeginAsync()
    {
        _engine.Dispose();
        _engine = Launch();
        await WaitAsync();
    }

    /// <summary>Creates and starts a container.</summary>
    public async Task<DockerContainer> RunAsync(ContainerOrder order)
    {
        var labels = order.Labels;
        var create = new
        {
            Image,
            Cmd = order.Command,
            Env = order.Environment.Select(e => $"{e.Key}={e.Value}").Append("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
            Labels = labels,
            WorkingDir = order.WorkingDirectory,
            Volumes = order.AnonymousVolumes.ToDictionary(v => v, _ => new { }),
            HostConfig = new
            {
                Binds = Programs.Where(Directory.Exists).Select(p => $"{p}:{p}:ro").Concat(order.Folders),
                NanoCpus = (long)(order.Cpus * 1e9),
                Memory = order.MemoryBytes,
                NetworkMode = order.Network,
                RestartPolicy = new { Name = order.RestartPolicy },
                AutoRemove = order.RemovedAtEnd,
                Init = false,
            },
            NetworkingConfig = order.Aliases.Count == 0 && order.Address is null ? null : new { EndpointsConfig = new Dictionary<string, object> { [order.Network] = EndpointOf(order) } },
        };
        using var created = await _http.PostAsJsonAsync($"containers/create?name={Uri.EscapeDataString(order.Name)}", create);
        var id = (await JsonOf(created)).GetProperty("Id").GetString()!;
        var container = new DockerContainer(this, id, order.Name);
        using var started = await _http.PostAsync($"containers/{id}/start", null);
        await EnsureAsync(started);
        return container;
    }

    /// <summary>Makes a network of its own subnet on which containers find each other by name; it is gone with the engine.</summary>
    /// <returns>The first three numbers of its addresses: <c>10.214.7</c>; its gateway has the 1.</returns>
    public async Task<string> CreateNetworkAsync(string name)
    {
        var subnet = $"10.{214 + _networks.Count}.{_subnet}";
        var create = new
        {
            Name = name,
            Driver = "bridge",
            IPAM = new { Config = new[] { new { Subnet = $"{subnet}.0/24", Gateway = $"{subnet}.1" } } },
            Options = new Dictionary<string, string> { ["com.docker.network.bridge.name"] = $"{_bridge}{_networks.Count}" },
        };
        using var created = await _http.PostAsJsonAsync("networks/create", create);
        _networks.Add((await JsonOf(created)).GetProperty("Id").GetString()!);
        return subnet;
    }

    /// <summary>Sends a request to the Engine API; the answer's JSON, default if it has none.</summary>
    public async Task<JsonElement> AskAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await _http.SendAsync(request);
        return await JsonOf(response);
    }

    /// <summary>Removes a container, unless it is gone already.</summary>
    internal async Task RemoveAsync(string id)
    {
        using var removed = await _http.DeleteAsync($"containers/{id}?force=1&v=1");
        if (removed.StatusCode != HttpStatusCode.NotFound)
            await EnsureAsync(removed);
    }

    internal async Task<byte[]> BytesAsync(string path) => await _http.GetByteArrayAsync(path);

    /// <summary>Ends the engine with all its containers.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await ClearAsync();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
        {
            // The engine takes its containers along when it ends.
        }
        _http.Dispose();
        if (!_engine.HasExited)
            await EndAsync();
        _engine.Dispose();
        Run("iptables", ["-w", "-D", .. BetweenPorts(_bridge)]);
        Run("ip", "link", "delete", _bridge);
        // A container on the machine's own network leaves a mount behind, and an engine that keeps its containers its data folder.
        foreach (var mount in File.ReadLines("/proc/self/mounts").Select(m => m.Split(' ')[1]).Where(m => m.StartsWith(_folder.Path, StringComparison.Ordinal)).OrderDescending(StringComparer.Ordinal).ToList())
            Run("umount", mount);
        _taken.Dispose();
        _folder.Dispose();
    }

    private Process Launch()
    {
        var start = new ProcessStartInfo("dockerd")
        {
            ArgumentList =
            {
                "--data-root", _folder.File("data"), "--exec-root", _folder.File("exec"), "--pidfile", _folder.File("pid"), "-H", "unix://" + Socket,
                "--bridge", _bridge, "--iptables=false", "--ip6tables=false", "--ip-masq=false", "--storage-driver", "vfs",
            },
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        if (_keepsContainers)
            start.ArgumentList.Add("--live-restore");
        var engine = Process.Start(start)!;
        var log = _folder.File("dockerd.log");
        engine.ErrorDataReceived += (_, line) => Log(log, line.Data);
        engine.OutputDataReceived += (_, line) => Log(log, line.Data);
        engine.BeginErrorReadLine();
        engine.BeginOutputReadLine();
        return engine;
    }

    /// <summary>Also what others than the test made: a container that was made anew has another id.</summary>
    private async Task ClearAsync()
    {
        foreach (var container in (await AskAsync(HttpMethod.Get, "containers/json?all=1")).EnumerateArray())
            await RemoveAsync(container.GetProperty("Id").GetString()!);
        foreach (var network in _networks)
            await AskAsync(HttpMethod.Delete, $"networks/{network}");
    }

    private static object EndpointOf(ContainerOrder order) =>
        new { order.Aliases, IPAMConfig = order.Address is null ? null : new { IPv4Address = order.Address } };

    private static string[] BetweenPorts(string bridge) => ["FORWARD", "-i", bridge, "-o", bridge, "-j", "ACCEPT"];

    /// <summary>Engines of test projects that run side by side each take a subnet that nobody has.</summary>
    private static (IDisposable Taken, string Bridge, byte Subnet) FreeBridge()
    {
        for (byte subnet = 1; subnet < byte.MaxValue; subnet++)
        {
            var bridge = $"prs{subnet}br";
            if (!Directory.Exists($"/sys/class/net/{bridge}") && TryTake(subnet) is { } taken)
                return (taken, bridge, subnet);
        }
        throw new IOException("All bridges prs1br to prs254br are taken: delete those that are left over (ip link delete NAME).");
    }

    /// <summary>Whoever creates the file has the number; a process's death frees it with its lock.</summary>
    private static FileStream? TryTake(byte subnet)
    {
        try
        {
            return new FileStream(Path.Combine(Path.GetTempPath(), $"pressure-test-bridge-{subnet}"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private async Task WaitAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                (await _http.GetAsync("_ping", limit.Token)).EnsureSuccessStatusCode();
                return;
            }
            catch (Exception e) when (e is HttpRequestException or SocketException or IOException && !_engine.HasExited)
            {
                await Task.Delay(100, limit.Token);
            }
            catch (Exception e)
            {
                throw new IOException($"dockerd did not start: {string.Join('\n', File.ReadLines(_folder.File("dockerd.log")).TakeLast(10))}", e);
            }
        }
    }

    /// <summary>An image with nothing but the folders that others are mounted on.</summary>
    private async Task ImportImageAsync()
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            foreach (var folder in (string[])["tmp", "proc", "sys", "dev", "etc", "var", "root"])
                writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, folder) { Mode = (UnixFileMode)0b1_111_111_111 });
        }
        using var body = new ByteArrayContent(tar.ToArray());
        body.Headers.ContentType = new MediaTypeHeaderValue("application/x-tar");
        using var imported = await _http.PostAsync("images/create?fromSrc=-&repo=machine&tag=latest", body);
        await EnsureAsync(imported);
        await imported.Content.ReadAsStringAsync();
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket), stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<JsonElement> JsonOf(HttpResponseMessage response)
    {
        await EnsureAsync(response);
        var text = await response.Content.ReadAsStringAsync();
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static async Task EnsureAsync(HttpResponseMessage response)
    {
        if (response.StatusCode >= HttpStatusCode.BadRequest)
            throw new IOException($"Docker answers {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }

    private void Log(string path, string? line)
    {
        if (line is null)
            return;
        lock (_logGate)
            File.AppendAllText(path, line + "\n");
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new IOException($"{program} {string.Join(' ', arguments)}: {error.Trim()} (tests with containers need root)");
    }
}
