namespace Pressure.Agent;

/// <summary>What the service captures on this host: one capture at a time, since all that an agent may use is little.</summary>
/// <param name="allowed">What the host's owner allows.</param>
/// <param name="time">The host's clock.</param>
public sealed class AgentCaptures(CapturePermission allowed, TimeProvider time) : IDisposable
{
    // As many bytes as a frame takes in base64, with room for the rest.
    private const int MostRead = 180_000;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private AgentCapture? _current;

    /// <summary>Ends what is under way.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _current?.Dispose();
            _current = null;
        }
    }

    /// <exception cref="CaptureRefusedException">It can't be.</exception>
    internal CaptureTold Start(CaptureAsk ask)
    {
        var terms = CaptureTerms.Of(ask, allowed, out var problems) ?? throw new CaptureRefusedException(string.Join(' ', problems));
        lock (_gate)
        {
            if (_current is { IsForgotten: false } other)
                throw new CaptureRefusedException($"A capture is under way on this host already ({other.Told().What}). Stop it first (capture.stop), or wait until it is over.");
            _current?.Dispose();
            _current = null;
            var (capture, problem) = AgentCapture.Begin(terms, time);
            _current = capture ?? throw new CaptureRefusedException(problem!);
            return capture.Begun();
        }
    }

    /// <summary>What waits; with no capture in it when there is no such one, or not that place of it.</summary>
    internal async Task<CaptureTold> ReadAsync(CaptureFetch fetch, CancellationToken stop)
    {
        var patience = TimeSpan.FromMilliseconds(Math.Clamp(fetch.Wait, 0, LongestWait.TotalMilliseconds));
        if (Find(fetch) is not { } capture)
            return Gone;
        return await capture.ReadAsync(fetch.From, patience, MostRead, stop) ?? new() { Why = $"The capture has nothing at place {fetch.From} of its stream (any more)." };
    }

    internal CaptureTold Stop(CaptureFetch fetch)
    {
        if (Find(fetch) is not { } capture)
            return Gone;
        capture.Stop(null);
        return capture.Told();
    }

    /// <summary>Lets go of one that was fetched to its end, so that another can begin.</summary>
    internal CaptureTold Close(CaptureFetch fetch)
    {
        lock (_gate)
        {
            if (Find(fetch) is not { } capture)
                return Gone;
            capture.Dispose();
            _current = null;
        }

        return new CaptureTold();
    }

    internal CaptureTold Status()
    {
        lock (_gate)
            return _current is { IsForgotten: false } capture ? capture.Told() : new CaptureTold();
    }

    private static CaptureTold Gone => new() { Why = "There is no such capture (any more): it was ended by somebody else, its lease ran out, or the agent was started anew." };

    private AgentCapture? Find(CaptureFetch fetch)
    {
        lock (_gate)
            return _current is { } capture && capture.Id == fetch.Capture ? capture : null;
    }
}

/// <summary>A capture can't be; the message says for people why, and what to do.</summary>
internal sealed class CaptureRefusedException(string message) : Exception(message);
