using FsCheck;
using FsCheck.Fluent;
using Pressure.Record;

namespace Pressure.Cluster.Tests;

/// <summary>Searches in noise, over many seeds and capacities.</summary>
public sealed class CapacitySearchProperties
{
    private const int Seeds = 400;

    public static TheoryData<string, double, double, double, double> Noises => new()
    {
        // what, noise, spikes, drift per plateau, tolerated error
        { "quiet", 0, 0, 0, 0.06 },
        { "10 % noise", 0.1, 0, 0, 0.10 },
        { "20 % noise", 0.2, 0, 0, 0.10 },
        { "30 % noise", 0.3, 0, 0, 0.12 },
        { "a pause in every tenth plateau", 0.1, 0.1, 0, 0.10 },
        { "slowly getting slower", 0.1, 0, -0.002, 0.12 },
        { "slowly getting faster", 0.1, 0, 0.002, 0.12 },
    };

    [Theory]
    [MemberData(nameof(Noises))]
    public void A_queues_capacity_is_found_in_at_least_95_of_100_seeds(string what, double noise, double spikes, double drift, double tolerance) =>
        AssertFound(what, noise, spikes, drift, tolerance, SimulatedTarget.Queue, SimulatedTarget.QueueCapacity);

    [Theory]
    [MemberData(nameof(Noises))]
    public void A_wall_is_found_in_at_least_95_of_100_seeds(string what, double noise, double spikes, double drift, double tolerance) =>
        AssertFound(what, noise, spikes, drift, tolerance, SimulatedTarget.Wall, capacity => capacity);

    [Fact]
    public void Whatever_it_is_told_a_search_ends_and_stays_within_its_bounds() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), Arb.From(Gen.Choose(0, 100)), Arb.From(Gen.Elements<double?>(null, 60, 900, 100_000)), (seed, holding, to) =>
        {
            var random = new Random(seed);
            var asked = new List<SearchStep.Plateau>();
            var target = new SimulatedTarget(seed) { Of = rate => random.Next(100) < holding ? (5, rate) : (random.Next(400), rate), GeneratorLimit = 5_000_000 };
            var result = CapacitySearchTests.Search(target, from: 50, to, asked: asked);
            return asked.TrueForAll(a => a.Rate >= 50 && a.Rate <= (to ?? 10_000_000))
                && !(result.Holds >= result.Breaks)
                && result.Confidence is >= 0 and <= 1
                && (result.Ending != SearchEnding.Found || (result.Confirmed && result.Breaks <= result.Holds * 1.0501));
        }).QuickCheckThrowOnFailure();

    private static void AssertFound(
        string what, double noise, double spikes, double drift, double tolerance, Func<double, double, (double, double)> shape, Func<double, double> capacityOf)
    {
        var off = new List<string>();
        var most = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            var served = 60 * Math.Pow(1.02, seed % 300);
            var target = new SimulatedTarget(seed) { Of = rate => shape(served, rate), Noise = noise, Spikes = spikes, Drift = drift };
            var result = CapacitySearchTests.Search(target, from: 20);
            var truth = capacityOf(served) * Math.Pow(1 + drift, target.Plateaus);
            most = Math.Max(most, target.Plateaus);
            if (!(Math.Abs(result.Holds / truth - 1 ?? 1) <= tolerance))
                off.Add($"seed {seed}: {result.Holds} instead of {truth:0.#} ({result.Ending}, confidence {result.Confidence}, {target.Plateaus} plateaus)");
        }
        Assert.True(off.Count <= Seeds * 0.05, $"{what}: {off.Count} of {Seeds} off; most plateaus {most}\n{string.Join('\n', off.Take(20))}");
        Assert.True(most <= 90, $"{what}: {most} plateaus");
        TestContext.Current.SendDiagnosticMessage($"{what}: {off.Count} of {Seeds} off, {most} plateaus at the most");
    }
}
