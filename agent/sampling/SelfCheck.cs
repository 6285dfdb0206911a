namespace Pressure.Agent;

/// <summary>
/// Keeps the agent from becoming the load that it is there to measure: when it has used more than its share of a core for a minute, it samples half as
/// often, and again, until it is below; and comes back when there is room.
/// </summary>
public sealed class SelfCheck
{
    /// <summary>Cores that the agent may keep busy.</summary>
    public const double Limit = 0.05;

    private const double Comfortable = 0.04;
    private const int Slowest = 64;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private (TimeSpan At, TimeSpan Cpu)? _begin;

    /// <summary>How many times slower than asked to sample.</summary>
    public int Slowdown { get; private set; } = 1;

    /// <summary>Takes the CPU time used so far; returns what people should know when the pace changes.</summary>
    public string? Take(TimeSpan at, TimeSpan cpu)
    {
        _begin ??= (at, cpu);
        var passed = at - _begin.Value.At;
        if (passed < Window)
            return null;
        var busy = (cpu - _begin.Value.Cpu) / passed;
        _begin = (at, cpu);
        if (busy > Limit && Slowdown < Slowest)
        {
            Slowdown *= 2;
            return $"The agent itself used {busy * 100:0.0} % of a core over a minute, more than {Limit * 100:0} %. It samples {Slowdown} times slower than asked.";
        }
        if (Slowdown > 1 && busy * 2 < Comfortable)
        {
            Slowdown /= 2;
            return Slowdown == 1 ? "The agent has room again and samples as often as asked." : $"The agent has room again and samples {Slowdown} times slower than asked.";
        }
        return null;
    }
}
