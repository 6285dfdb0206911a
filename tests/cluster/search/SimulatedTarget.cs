using Pressure.Record;

namespace Pressure.Cluster.Tests;

/// <summary>A target that is only arithmetic: what a plateau at a rate gives, with noise drawn from a seed.</summary>
internal sealed class SimulatedTarget(int seed)
{
    public const double Limit = 200;

    private readonly Random _random = new(seed);

    /// <summary>95th percentile (ms) and throughput at a rate, before noise.</summary>
    public required Func<double, (double P95, double Delivered)> Of { get; init; }

    /// <summary>Standard deviation of the response time as a share of it.</summary>
    public double Noise { get; init; }

    /// <summary>How often a plateau has a pause in it that breaks the criterion whatever the rate.</summary>
    public double Spikes { get; init; }

    /// <summary>Change of the capacity from plateau to plateau, as a share.</summary>
    public double Drift { get; init; }

    /// <summary>Rate from which the load generator can't keep up.</summary>
    public double GeneratorLimit { get; init; } = double.PositiveInfinity;

    public int Plateaus { get; private set; }

    /// <summary>An M/M/1 queue: the response time is exponential with mean 1 / (served - offered).</summary>
    public static (double, double) Queue(double served, double rate) =>
        rate < served ? (Math.Min(60_000, -Math.Log(0.05) * 1000 / (served - rate)), rate) : (60_000, served);

    /// <summary>The highest rate at which <see cref="Queue"/>'s 95th percentile is below <see cref="Limit"/>.</summary>
    public static double QueueCapacity(double served) => served + Math.Log(0.05) * 1000 / Limit;

    /// <summary>K workers of fixed time: fast and even, until nothing goes any more.</summary>
    public static (double, double) Wall(double capacity, double rate) => rate <= capacity ? (20, rate) : (3_000, capacity);

    public SearchPlateau Press(SearchStep.Plateau asked)
    {
        var rate = asked.Rate / Math.Pow(1 + Drift, Plateaus++);
        var (p95, delivered) = Of(rate);
        delivered *= asked.Rate / rate;
        p95 *= Math.Max(0.1, 1 + Noise * Gauss());
        if (_random.NextDouble() < Spikes)
            p95 += 700;
        var share = Math.Min(1, delivered / asked.Rate);
        SearchCriterion[] criteria =
        [
            new("http_req_duration", "p(95) < 200ms", Limit, p95 < Limit, p95),
            new(SearchCriterion.Throughput, ">= 0.95", 0.95, share >= 0.95, share),
        ];
        return new SearchPlateau
        {
            Number = Plateaus,
            Phase = asked.Phase,
            Rate = asked.Rate,
            FromSecond = 0,
            Seconds = 8,
            Asked = (long)(asked.Rate * 8),
            Ok = (long)(delivered * 8),
            Failed = 0,
            Mean = p95 / 3,
            P95 = p95,
            Criteria = criteria,
            Outcome = asked.Rate >= GeneratorLimit ? PlateauOutcome.GeneratorSaturated : criteria.All(c => c.Held) ? PlateauOutcome.Held : PlateauOutcome.Broke,
        };
    }

    private double Gauss() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
