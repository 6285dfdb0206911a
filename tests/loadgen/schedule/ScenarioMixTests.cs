using FsCheck;
using FsCheck.Fluent;

namespace Pressure.LoadGen.Tests;

public sealed class ScenarioMixTests
{
    // Two decimal places and at most six scenarios: within the exact period.
    private static readonly Arbitrary<List<decimal>> Weights =
        (from count in Gen.Choose(2, 6)
         from weights in Gen.Choose(1, 16_000).Select(w => w / 100m).ListOf(count)
         select weights.ToList()).ToArbitrary();

    [Fact]
    public void Every_prefix_is_within_one_of_the_exact_shares() =>
        Prop.ForAll(Weights, weights =>
        {
            var mix = new ScenarioMix(weights);
            var (counts, sum) = (new long[weights.Count], weights.Sum());
            for (var n = 1; n <= 3_000; n++)
            {
                counts[mix[n - 1]]++;
                if (weights.Where((w, i) => Math.Abs((w * n) - (counts[i] * sum)) >= sum).Any())
                    return false;
            }
            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Seven_to_three_is_seven_to_three_in_every_ten()
    {
        var mix = new ScenarioMix([7, 3]);

        Assert.All(Enumerable.Range(0, 50), from => Assert.Equal(7, Enumerable.Range(from, 10).Count(n => mix[n] == 0)));
        Assert.Equal([7, 3], mix.Weights);
    }

    [Fact]
    public void Weights_are_taken_in_lowest_terms() => Assert.Equal([1, 3], new ScenarioMix([0.25m, 0.75m]).Weights);

    [Fact]
    public void One_to_three_is_a_quarter_and_three_quarters() => Assert.Equal([25, 75], new ScenarioMix([1, 3]).CountsOf(100));

    [Fact]
    public void One_scenario_runs_always() => Assert.All(Enumerable.Range(0, 10), n => Assert.Equal(0, new ScenarioMix([0.7m])[n]));

    [Theory]
    [InlineData("0.0000000001", "1000000000")]
    [InlineData("1", "3.14159265358979323846")]
    [InlineData("79228162514264337593543950335", "0.0000000000000000000000000001")]
    public void Absurd_weights_are_rounded_to_a_bounded_period_and_none_is_lost(string first, string second)
    {
        var mix = new ScenarioMix([decimal.Parse(first), decimal.Parse(second)]);

        Assert.Equal(ScenarioMix.LongestPeriod, mix.Weights.Sum());
        Assert.All(mix.Weights, w => Assert.True(w > 0));
    }

    [Fact]
    public void Counts_agree_with_the_order() =>
        Prop.ForAll(Weights, Arb.From(Gen.Choose(0, 5_000)), (weights, iterations) =>
        {
            var mix = new ScenarioMix(weights);
            var counted = Enumerable.Range(0, weights.Count).Select(s => (long)Enumerable.Range(0, iterations).Count(n => mix[n] == s));
            return mix.CountsOf(iterations).SequenceEqual(counted);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_weight_of_zero_or_none_at_all_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new ScenarioMix([1, 0]));
        Assert.Throws<ArgumentException>(() => new ScenarioMix([]));
    }
}
