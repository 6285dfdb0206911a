using System.Net.WebSockets;

namespace Pressure.Agent;

/// <summary>
/// The commands of one connection: each runs on its own, a bounded number at once, and each is answered by exactly one result for as long as the
/// connection lives.
/// </summary>
internal sealed class CommandRunner(IReadOnlyList<IAgentCommand> commands, FrameSocket socket, CancellationToken broken)
{
    /// <summary>Commands under way at once; one more is answered with an error.</summary>
    public const int MostAtOnce = 16;

    private const int MostUnanswered = 128;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, (CancellationTokenSource Stop, Task Done)> _running = [];
    private bool _closed;

    /// <summary>Starts a command.</summary>
    /// <exception cref="InvalidDataException">One with the same id is under way.</exception>
    public void Start(Frame.Command command)
    {
        lock (_gate)
        {
            if (_running.ContainsKey(command.Id))
                throw new InvalidDataException($"The centre used the command id {command.Id} twice.");
            if (_running.Count >= MostUnanswered)
                throw new InvalidDataException("The centre sends commands faster than it takes their results.");
            var refusal = _closed ? "This agent is leaving; its successor takes commands." : _running.Count >= MostAtOnce ? $"{MostAtOnce} commands are under way on this agent; try again when one has ended." : null;
            var stop = CancellationTokenSource.CreateLinkedTokenSource(broken);
            _running.Add(command.Id, (stop, Task.Run(() => AnswerAsync(command, refusal, stop), CancellationToken.None)));
        }
    }

    /// <summary>Ends a command early; one that has ended already is left alone.</summary>
    public void Cancel(long id)
    {
        lock (_gate)
        {
            if (_running.TryGetValue(id, out var running))
                _ = running.Stop.CancelAsync(); // not here: what waits for it would go on under this lock
        }
    }

    /// <summary>Takes no new commands, and completes when those under way are answered. They are ended early if <paramref name="hurry"/>.</summary>
    public Task FinishAsync(bool hurry)
    {
        lock (_gate)
        {
            _closed = true;
            if (hurry)
            {
                foreach (var (stop, _) in _running.Values)
                    _ = stop.CancelAsync();
            }
            return Task.WhenAll(_running.Values.Select(r => r.Done));
        }
    }

    private async Task AnswerAsync(Frame.Command command, string? refusal, CancellationTokenSource stop)
    {
        try
        {
            var outcome = refusal is null ? await OutcomeAsync(command, stop.Token) : CommandOutcome.Failed(refusal);
            try
            {
                await socket.SendAsync(new Frame.Result(command.Id, outcome.Error, outcome.Body), broken);
            }
            catch (InvalidDataException)
            {
                await socket.SendAsync(new Frame.Result(command.Id, "The result is longer than a frame."), broken);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection is gone, and with it whoever asked.
        }
        finally
        {
            lock (_gate)
                _running.Remove(command.Id);
            stop.Dispose();
        }
    }

    private async Task<CommandOutcome> OutcomeAsync(Frame.Command command, CancellationToken stop)
    {
        if (commands.FirstOrDefault(c => c.Name == command.Name) is not { } found)
            return CommandOutcome.Failed($"This agent knows no command '{command.Name}'. It knows {string.Join(", ", commands.Select(c => c.Name))}.");
        try
        {
            return await found.RunAsync(command.Body, stop);
        }
        catch (OperationCanceledException)
        {
            return CommandOutcome.Failed("Ended early.");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return CommandOutcome.Failed($"{command.Name} failed: {e.Message}");
        }
    }
}
