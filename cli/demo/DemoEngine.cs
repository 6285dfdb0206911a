using System.ComponentModel;
using System.Diagnostics;
using Pressure.Faults;

namespace Pressure.Cli.Demo;

/// <summary>A container engine for the demo: the machine's own where it answers, else one that is started for it and ends with it.</summary>
/// <remarks>
/// The engine that is started has its own socket and folder, and neither bridge nor firewall rules. A shell of its own session holds it: when the pipe to that shell
/// closes, whether by <see cref="DisposeAsync"/> or by this process's death, it ends the engine and removes the folder.
/// </remarks>
internal sealed class DemoEngine : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const string Keeper = """
        folder=$1
        dockerd --data-root "$folder/data" --exec-root "$folder/exec" --pidfile "$folder/pid" -H "unix://$folder/docker.sock" \
          --bridge none --iptables=false --ip6tables=false --ip-masq=false --storage-driver vfs >"$folder/log" 2>&1 </dev/null &
        engine=$!
        while read -r _; do :; done
        kill -TERM "$engine"
        wait "$engine"
        umount "$folder/exec/netns/default" 2>/dev/null
        rm -rf -- "$folder"
        """;

    private readonly Process? _keeper;

    private DemoEngine(string socket, Process? keeper) => (Socket, _keeper) = (socket, keeper);

    /// <summary>Path of its socket.</summary>
    public string Socket { get; }

    /// <summary>Finds or starts one; it answers when this returns.</summary>
    /// <exception cref="IOException">There is none and none can be started; the message says what to do.</exception>
    public static async Task<DemoEngine> StartAsync(CancellationToken stop)
    {
        if (await AnswersAsync(FaultTools.UsualSocket, stop))
            return new(FaultTools.UsualSocket, null);
        if (Environment.UserName != "root")
            throw new IOException($"No container engine answers on {FaultTools.UsualSocket}. Start Docker and be a member of its group, name its socket with DOCKER_HOST=unix:///path, or run this as root, which starts one.");
        var folder = Directory.CreateTempSubdirectory("pressure-demo-").FullName;
        var engine = new DemoEngine(Path.Combine(folder, "docker.sock"), Launch(folder));
        try
        {
            await engine.WaitAsync(folder, stop);
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_keeper is null)
            return;
        _keeper.StandardInput.Close();
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await _keeper.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _keeper.Kill(entireProcessTree: true);
        }
        _keeper.Dispose();
    }

    private static Process Launch(string folder)
    {
        try
        {
            // A session of its own: a terminal's Ctrl-C is for us, and the engine is still needed to clear up.
            return Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", Keeper, "sh", folder]) { RedirectStandardInput = true })!;
        }
        catch (Win32Exception e)
        {
            throw new IOException($"The demo needs a container engine and can't start one: {e.Message}.", e);
        }
    }

    private async Task WaitAsync(string folder, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Patience);
        while (!await AnswersAsync(Socket, limit.Token))
        {
            var log = Path.Combine(folder, "log");
            var last = File.Exists(log) ? File.ReadLines(log).LastOrDefault(l => l.Length > 0) : null;
            if (limit.IsCancellationRequested || last?.Contains("not found", StringComparison.Ordinal) == true)
                throw new IOException($"No container engine answers on {FaultTools.UsualSocket}, and none can be started: {last ?? "it does not answer"}. Install it (apt-get install docker.io), or start it.");
            await Task.Delay(TimeSpan.FromMilliseconds(100), CancellationToken.None);
        }
    }

    private static async Task<bool> AnswersAsync(string socket, CancellationToken stop)
    {
        using var engine = new DockerApi(socket, TimeSpan.FromSeconds(5));
        try
        {
            return await engine.AskAsync(HttpMethod.Get, "version", null, stop) is not null;
        }
        catch (DockerException)
        {
            return false;
        }
    }
}
