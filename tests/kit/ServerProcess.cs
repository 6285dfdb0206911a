using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Pressure.TestKit;

/// <summary>A real server as a child process, with a folder of its own on free ports of loopback; ended and deleted with the test.</summary>
public abstract class ServerProcess : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Queue<string> _log = [];
    private Process? _process;

    /// <summary>A client for its address.</summary>
    public HttpClient Http { get; } = new() { Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>Where it listens.</summary>
    public Uri Url => Http.BaseAddress!;

    /// <summary>Its folder.</summary>
    protected TempFolder Folder => _folder;

    /// <summary>A port of loopback that nothing listens on just now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
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
