namespace Pressure.Agent;

/// <summary>How the agent samples at the moment: what the centre last said, within sane bounds. Thread-safe.</summary>
public sealed class LiveSettings
{
    private static readonly TimeSpan ShortestEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ShortestHeartbeat = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestHeartbeat = TimeSpan.FromMinutes(5);
    private const int MostPatterns = 100;

    private volatile AgentSettings _current = AgentSettings.Default;

    /// <summary>Called after each change, with what holds from then on.</summary>
    public event Action<AgentSettings>? Changed;

    /// <summary>What holds.</summary>
    public AgentSettings Current => _current;

    /// <summary>Takes new settings over; what is out of bounds is brought to the nearest bound.</summary>
    public void Set(AgentSettings asked)
    {
        _current = new AgentSettings(Within(asked.Every, ShortestEvery, LongestEvery), Within(asked.Heartbeat, ShortestHeartbeat, LongestHeartbeat), [.. asked.Processes.Take(MostPatterns)]);
        Changed?.Invoke(_current);
    }

    private static TimeSpan Within(TimeSpan value, TimeSpan least, TimeSpan most) => value < least ? least : value > most ? most : value;
}
