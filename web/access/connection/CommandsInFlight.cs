using System.Text.Json;
using Pressure.Agent;

namespace Pressure.Web.Access;

/// <summary>Commands that one connection's agent has not answered yet. Thread-safe.</summary>
internal sealed class CommandsInFlight(OutgoingFrames output, int most)
{
    private readonly Lock _gate = new();
    private Dictionary<long, TaskCompletionSource<Frame.Result>>? _open;
    private long _last;
    private string? _ended;

    /// <summary>Sends a command and waits for its result, or for what comes in its place.</summary>
    public async Task<Frame.Result> SendAsync(string name, JsonElement? body, TimeSpan timeout, TimeProvider time, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var answer = new TaskCompletionSource<Frame.Result>(TaskCreationOptions.RunContinuationsAsynchronously);
        long id;
        lock (_gate)
        {
            id = ++_last;
            if (_ended is not null)
                return new Frame.Result(id, _ended);
            _open ??= [];
            if (_open.Count >= most)
                return new Frame.Result(id, $"{most} commands are under way at this agent already. Try again when some have ended.");
            _open.Add(id, answer);
        }
        try
        {
            if (!output.Post(new Frame.Command(id, name, body)))
                return new Frame.Result(id, "The agent has just gone.");
            return await answer.Task.WaitAsync(timeout, time, stop);
        }
        catch (TimeoutException)
        {
            output.Post(new Frame.Cancel(id));
            return new Frame.Result(id, $"The agent has not answered {name} within {timeout.TotalSeconds:0.###} s.");
        }
        catch (OperationCanceledException)
        {
            output.Post(new Frame.Cancel(id));
            throw;
        }
        finally
        {
            lock (_gate)
                _open?.Remove(id);
        }
    }

    /// <summary>Takes an answer; one that nobody waits for any more is dropped.</summary>
    public void Take(Frame.Result result)
    {
        TaskCompletionSource<Frame.Result>? answer = null;
        lock (_gate)
            _open?.TryGetValue(result.Id, out answer);
        answer?.TrySetResult(result);
    }

    /// <summary>No answer will come any more.</summary>
    public void End(string why)
    {
        TaskCompletionSource<Frame.Result>[] open;
        lock (_gate)
        {
            _ended = why;
            open = _open is null ? [] : [.. _open.Values];
        }
        foreach (var answer in open)
            answer.TrySetResult(new Frame.Result(0, why));
    }
}
