using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Pressure.TestKit;

/// <summary>A real server as a child process, with a folder of its own on free ports of loopback; ended and deleted with the test.</summary>
public abstract class ServerProcess : IAsyncDisposable
{
    // Below the ports that the kernel gives to whoever connects (from 32768): a load test next door opens thousands of them, and takes what was free a moment ago.
    private const int FirstPort = 10_000, Ports = 22_000;

    // Test projects run side by side: each begins elsewhere, neighbouring process ids far apart (13,597 is the golden section of the ports, and shares no divisor with them).
    private static int _tried = (int)(Environment.ProcessId * 13_597L % Ports);

    private readonly TempFolder _folder = new();
    private readonly Queue<string> _log = [];
    private Process? _process;

    /// <summary>A client for its address.</summary>
    public HttpClient Http { get; } = new() { Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>Where it listens.</summary>
    public Uri Url => Http.BaseAddress!;

    /// <summary>Its folder.</summary>
    protected TempFolder Folder => _folder;

    /// <summary>A port that nothing uses just now, on whichever address, and that this process has not given away before.</summary>
    public static int FreePort()
    {
        for (var tried = 0; tried < Ports; tried++)
        {
            var port = FirstPort + (int)((uint)Interlocked.Increment(ref _tried) % Ports);
            if (IsFree(port))
                return port;
        }
        throw new InvalidOperationException($"No port from {FirstPort} to {FirstPort + Ports - 1} is free");
    }

    /// <summary>Starts it and waits until <paramref name="ready"/> answers with success.</summary>
    protected async Task StartAsync(string binary, int port, string ready, string package, params string[] arguments)
    {
        if (!File.Exists(binary))
            throw new InvalidOperationException($"{binary} is missing: apt-get install -y {package}");
        Http.BaseAddress = new Uri($"http://127.0.0.1:{port}/");
        _process = Process.Start(new ProcessStartInfo(binary, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = _folder.Path })!;
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        for (var attempt = 0; attempt < 600; attempt++)
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"{binary} ended with {_process.ExitCode}: {LogEnd()}");
            try
            {
                using var answer = await Http.GetAsync(ready);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }
            await Task.Delay(100);
        }
        throw new InvalidOperationException($"{binary} was not ready within a minute: {LogEnd()}");
    }

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_process is not null)
        {
            if (!_process.HasExited)
                _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private static bool IsFree(int port)
    {
        // Exclusive: a server that does not ask to share its address must get it too.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ExclusiveAddressUse = true };
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Note(string? line)
    {
        lock (_log)
        {
            _log.Enqueue(line ?? "");
            if (_log.Count > 50)
                _log.Dequeue();
        }
    }

    private string LogEnd()
    {
        lock (_log)
            return string.Join('\n', _log);
    }
}
