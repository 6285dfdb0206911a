using FsCheck;
using FsCheck.Fluent;

namespace Pressure.LoadGen.Tests.Share;

public sealed class ShareSplitTests
{
    private static readonly Arbitrary<decimal[]> Weights = Gen.Choose(1, 50_000).Select(w => w / 10m).ArrayOf().Where(w => w.Length is > 0 and <= 8).ToArbitrary();

    [Fact]
    public void Twenty_per_950_ms_are_cut_into_a_quarter_a_half_and_a_quarter_exactly()
    {
        var starts = Workload.Of(Plans.Read(Plans.With("rate: 20/950ms, duration: 1s"))).Starts;
        var split = new ShareSplit([1, 2, 1]);

        var numbers = Enumerable.Range(0, 3).Select(share => NumbersOf(split, share, starts.Count)).ToList();

        // Five whole periods, and two starts more.
        Assert.All(numbers.Zip([5, 10, 5]), n => Assert.InRange(n.First.Count, n.Second, n.Second + 2));
        Assert.Equal(Enumerable.Range(0, 22).Select(n => (long)n), numbers.SelectMany(n => n).Order());
        Assert.Equal(
            Enumerable.Range(0, 22).Select(n => TimeSpan.FromMilliseconds(47.5 * n)),
            numbers.SelectMany(n => n.Select(starts.IntendedStart)).Order());
    }

    [Fact]
    public void Shares_are_disjoint_and_complete_and_true_to_their_weights_within_any_prefix() =>
        Prop.ForAll(Weights, Gen.Choose(0, 3_000).ToArbitrary(), (weights, total) =>
        {
            var split = new ShareSplit(weights);
            var numbers = weights.Select((_, share) => NumbersOf(split, share, total)).ToList();
            var complete = numbers.SelectMany(n => n).Order().SequenceEqual(Enumerable.Range(0, total).Select(n => (long)n));
            var rising = numbers.TrueForAll(n => n.SequenceEqual(n.Order()));
            var owned = numbers.Select((n, share) => n.TrueForAll(start => split.ShareOf(start) == share)).All(o => o);
            // Within two starts of the exact part, and the rounding of long periods.
            var fair = weights.Zip(numbers).All(p => Math.Abs((double)(p.First / weights.Sum() * total) - p.Second.Count) < 2 + total / (double)ScenarioMix.LongestPeriod);
            return complete && rising && owned && fair;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_first_start_of_a_share_from_any_number_on_is_found_by_counting() =>
        Prop.ForAll(Weights, Gen.Choose(0, int.MaxValue).ToArbitrary(), (weights, number) =>
        {
            // Far beyond any run, for the arithmetic.
            var from = number * 1_000_003L;
            var split = new ShareSplit(weights);
            return Enumerable.Range(0, weights.Length).All(share =>
            {
                var k = split.CountBefore(share, from);
                return split.NumberOf(share, k) >= from && (k == 0 || split.NumberOf(share, k - 1) < from);
            }) && Enumerable.Range(0, weights.Length).Sum(share => split.CountBefore(share, from)) == from;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(2, 1, 1)]
    [InlineData(2, 1, 1, 1, 1)]
    [InlineData(4, 3, 1)]
    [InlineData(8, 1, 2, 3, 2)]
    [InlineData(3, 1, 1, 1)]
    public void Every_share_runs_the_same_mix_of_scenarios(int shares, params int[] mix)
    {
        var split = new ShareSplit([.. Enumerable.Repeat(1m, shares)]);
        var scenarios = new ScenarioMix([.. mix.Select(w => (decimal)w)]);

        for (var share = 0; share < shares; share++)
        {
            var runs = new int[mix.Length];
            for (var k = 0L; k < 1_000; k++)
                runs[scenarios[split.NumberOf(share, k)]]++;
            // A cursor in step with the mix would give one scenario all of them.
            Assert.All(runs.Zip(mix), r => Assert.InRange(r.First, 1_000 * r.Second / mix.Sum() - 20, 1_000 * r.Second / mix.Sum() + 20));
        }
    }

    [Fact]
    public void A_thousand_workers_have_a_share_each()
    {
        var split = new ShareSplit([.. Enumerable.Repeat(5_000m, ShareSplit.MostShares)]);

        Assert.Equal(Enumerable.Range(0, 1_000), Enumerable.Range(0, 1_000).Select(n => split.ShareOf(n)).Order());
        Assert.Throws<ArgumentException>(() => new ShareSplit([.. Enumerable.Repeat(1m, ShareSplit.MostShares + 1)]));
        Assert.Throws<ArgumentException>(() => new ShareSplit([]));
        Assert.Throws<ArgumentException>(() => new ShareSplit([1, 0]));
    }

    [Fact]
    public void To_ask_for_a_number_allocates_nothing()
    {
        var split = new ShareSplit([3, 2, 7]);

        // The best of several rounds: compilation in the background may allocate on this thread.
        var least = Enumerable.Range(0, 5).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var k = 0; k < 1_000; k++)
                split.CountBefore(1, split.NumberOf(1, k) + split.ShareOf(k));
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });

        Assert.Equal(0, least);
    }

    private static List<long> NumbersOf(ShareSplit split, int share, long total)
    {
        var numbers = new List<long>();
        for (long k = 0; split.NumberOf(share, k) is var n && n < total; k++)
            numbers.Add(n);
        return numbers;
    }
}
