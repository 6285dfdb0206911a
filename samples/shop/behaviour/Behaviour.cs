namespace Shop;

/// <summary>What a service does with a request beyond its capacity.</summary>
public enum WhenFull
{
    /// <summary>Lets it wait its turn, first come first served.</summary>
    Queue,

    /// <summary>Answers 503 at once.</summary>
    Reject,
}

/// <summary>
/// How a service behaves until told otherwise; <c>new Behaviour()</c> is a healthy one. <c>/health</c> obeys only <see cref="Freeze"/>;
/// the control paths (<c>/_behaviour</c>, <c>/_stats</c>) obey nothing.
/// </summary>
public sealed record Behaviour
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>Least time that a request takes, 0 to 10 min.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Added to <see cref="Delay"/>: evenly spread over [0, this), by a fixed sequence.</summary>
    public TimeSpan DelayJitter { get; init; }

    /// <summary>Share (0 to 1) of served requests answered with 500. Exact: of the first n requests since it was set, floor(n x rate).</summary>
    public decimal ErrorRate { get; init; }

    /// <summary>Requests served at once; null for no limit.</summary>
    public int? Capacity { get; init; }

    /// <summary>What happens to requests beyond <see cref="Capacity"/>.</summary>
    public WhenFull WhenFull { get; init; }

    /// <summary>Bytes allocated for each request and held until it ends, 0 to 64 MiB.</summary>
    public int Allocate { get; init; }

    /// <summary>Stops every answer, once, for this long from now; what has gathered then goes out at once.</summary>
    public TimeSpan Freeze { get; init; }

    /// <summary>All values out of range, each as a sentence; empty when there are none.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        CheckDuration("delay", Delay);
        CheckDuration("delayJitter", DelayJitter);
        CheckDuration("freeze", Freeze);
        if (ErrorRate is < 0 or > 1)
            problems.Add($"errorRate is {ErrorRate}. Give a share from 0 to 1.");
        if (Capacity is < 1)
            problems.Add($"capacity is {Capacity}. Give 1 or more, or leave it out for no limit.");
        if (Allocate is < 0 or > 64 * 1024 * 1024)
            problems.Add($"allocate is {Allocate} bytes. Give 0 to 67108864 (64 MiB).");
        return problems;

        void CheckDuration(string name, TimeSpan value)
        {
            if (value < TimeSpan.Zero || value > Longest)
                problems.Add($"{name} is {value.TotalSeconds} s. Give 0 to 600 s.");
        }
    }
}
