using Pressure.TrafficCopy;

namespace Pressure.Web.Captures;

/// <summary>Writes what an agent captures into a store, on a task of its own. Its file can be read at any time, also when this process is killed.</summary>
internal sealed class AgentRecording : IAsyncDisposable
{
    // Answers that do not stop coming must not fill the disk.
    private const long MostBytes = 64L << 30;

    private readonly CancellationTokenSource _stop = new();
    private readonly AgentCaptureSource _source;
    private readonly CaptureWriter _writer;
    private readonly string _path;

    private AgentRecording(AgentCaptureSource source, string path, DateTimeOffset begun, TimeProvider time)
    {
        (_source, _path, Begun) = (source, path, begun);
        _writer = new CaptureWriter(path, new() { Masked = source.Masked }, time);
        Ended = Task.Run(RunAsync);
    }

    /// <summary>When it began.</summary>
    public DateTimeOffset Begun { get; }

    /// <summary>The file's name.</summary>
    public string File => Path.GetFileName(_path);

    /// <summary>How it goes on.</summary>
    public AgentCaptureSource Source => _source;

    /// <summary>How it ended.</summary>
    public Task<CaptureEnding> Ended { get; }

    /// <summary>Begins one.</summary>
    /// <exception cref="IOException">The file can't be written; the agent's capture ends by itself then.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written; likewise.</exception>
    public static AgentRecording Begin(AgentCaptureSource source, string path, TimeProvider time) => new(source, path, time.GetUtcNow(), time);

    /// <summary>Ends it; <see cref="Ended"/> follows when all has come.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Ends it at once; what has come is in the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // An agent that does not answer is not waited for.
        await Task.WhenAny(Ended, Task.Delay(TimeSpan.FromSeconds(5)));
        _writer.Dispose();
    }

    private async Task<CaptureEnding> RunAsync()
    {
        try
        {
            var ending = await _source.RunAsync(new Bounded(_writer, _source, Stop), _stop.Token);
            _writer.Complete(ending.Outcome());
            return ending;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            return new(_source.Agent, e is ObjectDisposedException ? "The service ended." : e.Message, IsWhole: false, _source.Exchanges, Account: null);
        }
        finally
        {
            _writer.Dispose();
        }
    }

    private sealed class Bounded(CaptureWriter writer, AgentCaptureSource source, Action stop) : IExchangeSink
    {
        public void Take(CapturedExchange exchange)
        {
            if (source.Bytes > MostBytes)
                stop();
            writer.Take(exchange);
        }

        public void EndConnection(long connection, long at) => writer.EndConnection(connection, at);
    }
}
