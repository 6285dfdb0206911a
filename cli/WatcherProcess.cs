using System.Diagnostics;

namespace Pressure.Cli;

/// <summary>
/// <c>pressure watch</c> as a process of its own beside <c>pressure serve</c>: it outlives the service's death by as long as it takes to tell.
/// What connects the two is a pipe: the system closes it, however the service dies.
/// </summary>
internal sealed class WatcherProcess : IAsyncDisposable
{
    /// <summary>The line that says that the end of the pipe is no death.</summary>
    public const string Goodbye = "goodbye";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly IReadOnlyList<string> _arguments;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _keeping;
    private Process _process;

    /// <exception cref="IOException">It can't be started.</exception>
    public WatcherProcess(string service, IReadOnlyList<string> arguments, TimeProvider time)
    {
        (_arguments, _time) = (["watch", service, "--until-stdin-closes", .. arguments], time);
        _process = Start();
        _keeping = KeepAsync();
    }

    /// <summary>Says goodbye and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _keeping;
        try
        {
            await _process.StandardInput.WriteLineAsync(Goodbye);
            _process.StandardInput.Close();
            await _process.WaitForExitAsync().WaitAsync(Patience, _time);
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            // It has ended already, or tells somebody of something still; it ends by itself.
        }
        _process.Dispose();
        _stop.Dispose();
    }

    private Process Start()
    {
        // The same program: its own host where it has one, else dotnet with the library.
        var program = Path.Combine(AppContext.BaseDirectory, "pressure.dll");
        var start = Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) != "dotnet"
            ? new ProcessStartInfo(host, _arguments)
            : new ProcessStartInfo(Environment.ProcessPath ?? "dotnet", [program, .. _arguments]);
        start.RedirectStandardInput = true;
        try
        {
            return Process.Start(start) ?? throw new IOException("The watcher did not start.");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new IOException($"The watcher did not start: {e.Message}", e);
        }
    }

    /// <summary>A watcher that has ended is started anew, in vain at most every ten seconds.</summary>
    private async Task KeepAsync()
    {
        try
        {
            while (true)
            {
                await _process.WaitForExitAsync(_stop.Token);
                await Console.Error.WriteLineAsync($"The watcher ended with {_process.ExitCode}; it is started anew.");
                await Task.Delay(Patience, _time, _stop.Token);
                var ended = _process;
                _process = Start();
                ended.Dispose();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The end of the service.
        }
        catch (IOException e)
        {
            await Console.Error.WriteLineAsync($"{e.Message} Nobody watches over the service any more.");
        }
    }
}
