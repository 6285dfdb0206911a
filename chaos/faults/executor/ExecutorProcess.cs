using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;

namespace Pressure.Faults;

/// <summary>
/// An executor as a process of its own, seen from its controller. It is told of this process's life every quarter of a lease; when it dies itself, how its
/// faults ended is read off the journal, where the watchdog puts it.
/// </summary>
public sealed class ExecutorProcess : IFaultExecutor
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50), ReadyTakes = TimeSpan.FromSeconds(30), ByeTakes = TimeSpan.FromMinutes(2);

    private readonly Channel<string> _requests = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<long, TaskCompletionSource<ExecutorAnswer>> _asked = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<FaultEnd>> _ends = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously), _died = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;
    private readonly FaultJournal _journal;
    private readonly TimeProvider _time;
    private readonly ITimer _beating;
    private readonly Task _telling, _listening;
    private long _lastId;

    private ExecutorProcess(Process process, string folder, TimeSpan lease, bool renewedByCaller, TimeProvider time)
    {
        (_process, _journal, _time) = (process, new FaultJournal(folder), time);
        _telling = Task.Run(TellAsync);
        _listening = Task.Run(ListenAsync);
        _beating = time.CreateTimer(_ => Send(new ExecutorRequest("beat")), null, renewedByCaller ? Timeout.InfiniteTimeSpan : lease / 4, lease / 4);
    }

    /// <inheritdoc/>
    public string Host => "local";

    /// <summary>The executor's process.</summary>
    public int Pid => _process.Id;

    /// <summary>Starts one; it strikes nothing yet.</summary>
    /// <param name="folder">The state folder.</param>
    /// <param name="dockerSocket">The container engine's socket; <see cref="FaultTools.UsualSocket"/> usually.</param>
    /// <param name="lease">How long faults outlive the loss of this process. A tenth of a second at the least.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="FaultException">It does not start; the message is for people.</exception>
    public static Task<ExecutorProcess> StartAsync(string folder, string dockerSocket, TimeSpan lease, CancellationToken stop) =>
        StartAsync(folder, dockerSocket, lease, renewedByCaller: false, stop);

    /// <summary>The same for somebody whose own controller is elsewhere.</summary>
    /// <param name="folder">The state folder.</param>
    /// <param name="dockerSocket">The container engine's socket.</param>
    /// <param name="lease">How long faults outlive the last call of <see cref="Renew"/>, or the loss of this process.</param>
    /// <param name="renewedByCaller">The lease is renewed by <see cref="Renew"/> alone, not by this process's being there.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="FaultException">It does not start; the message is for people.</exception>
    public static async Task<ExecutorProcess> StartAsync(string folder, string dockerSocket, TimeSpan lease, bool renewedByCaller, CancellationToken stop)
    {
        var executor = new ExecutorProcess(Start(folder, dockerSocket, lease), folder, lease, renewedByCaller, TimeProvider.System);
        try
        {
            await await Task.WhenAny(executor._ready.Task, executor._died.Task).WaitAsync(ReadyTakes, executor._time, stop);
            if (executor._ready.Task.IsCompletedSuccessfully)
                return executor;
            throw new FaultException($"The executor of faults ended at its start. Is {folder} writable, and on a local disk?");
        }
        catch (TimeoutException e)
        {
            executor._process.Kill();
            await executor.DisposeAsync();
            throw new FaultException($"The executor of faults is not ready after {ReadyTakes.TotalSeconds:0} s.", e);
        }
        catch
        {
            await executor.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool HasEnded => _died.Task.IsCompleted;

    /// <summary>Says that the controller is there.</summary>
    public void Renew() => Send(new ExecutorRequest("beat"));

    /// <inheritdoc/>
    public Task<FaultStart> StartAsync(FaultOrder order, CancellationToken stop) => StartAsync(FaultHandle.New(), order, stop);

    /// <summary>The same with a handle that the controller chose.</summary>
    public async Task<FaultStart> StartAsync(string handle, FaultOrder order, CancellationToken stop)
    {
        // Before it is asked for, so that its end is heard of even when the executor dies in between.
        var end = _ends[handle] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = AskAsync(new ExecutorRequest("start", NextId(), handle, order));
        await using var calling = stop.Register(() => Send(new ExecutorRequest("end", NextId(), handle)));
        switch ((await asked)?.Start)
        {
            case FaultStart.InForce when stop.IsCancellationRequested:
                return new FaultStart.Failed("It was called off.", await EndAsync(handle));
            case FaultStart.InForce inForce:
                return inForce;
            case { } refused:
                _ends.TryRemove(handle, out _);
                return refused;
            case null:
                // It may have been journaled or not, applied or not. One that had died before will not look after its faults' ends once more.
                end.TrySetResult(await EndFromJournalAsync(handle));
                return new FaultStart.Failed("The executor of faults died while it began.", await end.Task);
        }
    }

    /// <inheritdoc/>
    public async Task<FaultEnd> EndAsync(string handle) =>
        await AskAsync(new ExecutorRequest("end", NextId(), handle)) is { End: { } end } ? end : await EndFromJournalAsync(handle);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FaultEnd>> EndAllAsync() =>
        await AskAsync(new ExecutorRequest("endAll", NextId())) is { Ends: { } ends } ? ends
            : await Task.WhenAll(_ends.Values.Where(e => !e.Task.IsCompleted).Select(e => e.Task));

    /// <inheritdoc/>
    public Task<FaultEnd> EndOf(string handle) =>
        _ends.TryGetValue(handle, out var end) ? end.Task : EndFromJournalAsync(handle);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _beating.DisposeAsync();
        Send(new ExecutorRequest("bye"));
        _requests.Writer.TryComplete();
        try
        {
            await Task.WhenAll(_telling, _listening, _process.WaitForExitAsync()).WaitAsync(ByeTakes, _time);
        }
        catch (TimeoutException)
        {
            // It is undoing still, or frozen: its lease and the watchdog see to that.
        }
        _process.Dispose();
    }

    private static Process Start(string folder, string dockerSocket, TimeSpan lease)
    {
        try
        {
            var start = OwnProgram.Start(ExecutorHost.Verb, StateFolder.Ensure(Path.GetFullPath(folder)), dockerSocket, $"{lease.TotalMilliseconds:0}");
            (start.RedirectStandardInput, start.RedirectStandardOutput) = (true, true);
            return Process.Start(start)!;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException or UnauthorizedAccessException)
        {
            throw new FaultException($"The executor of faults does not start: {e.Message}", e);
        }
    }

    private bool Send(ExecutorRequest request) => _requests.Writer.TryWrite(JsonSerializer.Serialize(request, FaultJson.Default.ExecutorRequest));

    private long NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>The answer; null if it died before it answered.</summary>
    private async Task<ExecutorAnswer?> AskAsync(ExecutorRequest request)
    {
        var answer = new TaskCompletionSource<ExecutorAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[request.Id] = answer;
        if (!Send(request))
            return null;
        await Task.WhenAny(answer.Task, _died.Task);
        _asked.TryRemove(request.Id, out _);
        return answer.Task.IsCompletedSuccessfully ? answer.Task.Result : null;
    }

    private async Task TellAsync()
    {
        try
        {
            await foreach (var request in _requests.Reader.ReadAllAsync())
            {
                await _process.StandardInput.WriteLineAsync(request);
                await _process.StandardInput.FlushAsync();
            }
            _process.StandardInput.Close();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It has died; its output ends as well.
        }
    }

    private async Task ListenAsync()
    {
        try
        {
            while (await _process.StandardOutput.ReadLineAsync() is { } line)
                Hear(JsonSerializer.Deserialize(line, FaultJson.Default.ExecutorAnswer)!);
        }
        catch (Exception e) when (e is IOException or JsonException or ObjectDisposedException)
        {
            // What it says makes no sense any more, or it has died.
        }
        _died.TrySetResult();
        foreach (var (handle, end) in _ends.Where(e => !e.Value.Task.IsCompleted))
            end.TrySetResult(await EndFromJournalAsync(handle));
    }

    private void Hear(ExecutorAnswer answer)
    {
        if (answer.Ready is not null)
            _ready.TrySetResult();
        if (answer is { Id: 0, End: { } end } && _ends.TryGetValue(end.Handle, out var waiting))
            waiting.TrySetResult(end);
        else if (_asked.TryGetValue(answer.Id, out var asked))
            asked.TrySetResult(answer);
    }

    /// <summary>How a fault of a dead executor ended: waits for whoever undoes it.</summary>
    private async Task<FaultEnd> EndFromJournalAsync(string handle)
    {
        var watchdog = new WatchdogProcess(_journal.Folder, _time);
        while (true)
        {
            if (_journal.EndOfOrphan(handle, _time.GetUtcNow()) is { } end)
                return end;
            try
            {
                await watchdog.EnsureAsync();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return new FaultEnd(handle, new UndoOutcome.Incomplete($"nobody undoes it: {e.Message}", "Run: pressure chaos revert"), _time.GetUtcNow(), "watchdog");
            }
            await Task.Delay(Look, _time);
        }
    }
}
