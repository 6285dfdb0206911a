using FsCheck;
using FsCheck.Fluent;

namespace Pressure.LoadGen.Tests;

public sealed class WeightedSharesTests
{
    // The oracle: 20 per 950 ms for 1 s, cut into a quarter, a half and a quarter. Of the 22 starts the halves have 5 to 6, 11 and 5 to 6.
    [Fact]
    public void Twenty_per_950_ms_are_cut_into_a_quarter_a_half_and_a_quarter_exactly()
    {
        var starts = Workload.Of(Plans.Read(Plans.With("rate: 20/950ms, duration: 1s"))).Starts;
        var shares = new WeightedShares([1, 2, 1]);

        var numbers = Enumerable.Range(0, 3).Select(share => NumbersOf(shares, share, starts.Count)).ToList();

        Assert.Equal([0, 4, 8, 12, 16, 20], numbers[1].Where((_, i) => i % 2 == 0));
        Assert.Equal([6, 11, 5], numbers.Select(n => n.Count));
        Assert.Equal(Enumerable.Range(0, 22).Select(n => (long)n), numbers.SelectMany(n => n).Order());
        Assert.Equal(
            Enumerable.Range(0, 22).Select(n => TimeSpan.FromMilliseconds(47.5 * n)),
            numbers.SelectMany(n => n.Select(starts.IntendedStart)).Order());
    }

    private static readonly Arbitrary<decimal[]> Weights = Gen.Choose(1, 50_000).Select(w => w / 10m).ArrayOf().Where(w => w.Length is > 0 and <= 8).ToArbitrary();

    [Fact]
    public void Shares_are_disjoint_and_complete_and_true_to_their_weights_within_any_prefix() =>
        Prop.ForAll(Weights, Gen.Choose(0, 3_000).ToArbitrary(), (weights, total) =>
        {
            var shares = new WeightedShares(weights);
            var numbers = weights.Select((_, share) => NumbersOf(shares, share, total)).ToList();
            var complete = numbers.SelectMany(n => n).Order().SequenceEqual(Enumerable.Range(0, total).Select(n => (long)n));
            var counted = numbers.Select(n => (long)n.Count).SequenceEqual(shares.CountsOf(total));
            var owned = numbers.Select((n, share) => n.TrueForAll(start => shares.ShareOf(start) == share)).All(o => o);
            // Within one start of the exact part, and the rounding of long periods.
            var fair = weights.Zip(numbers).All(p => Math.Abs((double)(p.First / weights.Sum() * total) - p.Second.Count) < 1 + total / (double)ScenarioMix.LongestPeriod);
            return complete && counted && owned && fair;
        }).QuickCheckThrowOnFailure();

    private static List<long> NumbersOf(WeightedShares shares, int share, long total)
    {
        var numbers = new List<long>();
        for (long k = 0; shares.NumberOf(share, k) is var n && n < total; k++)
            numbers.Add(n);
        return numbers;
    }
}
