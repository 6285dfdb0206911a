using Pressure.Agent;

namespace Pressure.Web.Access;

/// <summary>Asks one connection's agent what time it is: some times when it comes, then about once a minute, and when a time looks wrong.</summary>
internal sealed class AgentClock(OutgoingFrames output, TimeProvider time)
{
    private const int AtFirst = 5;
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private long _id;
    private long _asked;
    private DateTimeOffset _sent;
    private bool _open;
    private int _answers;

    /// <summary>Asks, unless a question is open.</summary>
    public void Ask()
    {
        lock (_gate)
        {
            if (_open && time.GetElapsedTime(_asked) < Patience)
                return;
            _open = true;
            _sent = time.GetUtcNow();
            _asked = time.GetTimestamp();
            output.Post(new Frame.ClockAsk(++_id));
        }
    }

    /// <summary>Asks if it is time to.</summary>
    public void Tick()
    {
        if (_answers < AtFirst || time.GetElapsedTime(_asked) >= Every)
            Ask();
    }

    /// <summary>Takes an answer: the reading, or null if nobody asked.</summary>
    public ClockReading? Take(Frame.ClockAnswer answer, long received)
    {
        lock (_gate)
        {
            if (!_open || answer.Id != _id)
                return null;
            _open = false;
            _answers++;
            // Monotonic, so that a centre whose own clock is set between does not err.
            return new ClockReading(_sent, answer.Received, answer.Sent, _sent + time.GetElapsedTime(_asked, received));
        }
    }
}
