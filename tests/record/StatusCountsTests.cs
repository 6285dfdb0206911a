using FsCheck;
using FsCheck.Fluent;

namespace Pressure.Record.Tests;

public sealed class StatusCountsTests
{
    [Fact]
    public void Whatever_is_counted_and_added_is_what_a_table_of_a_thousand_says() =>
        Prop.ForAll(Gen.Choose(-5, 1_005).ListOf().ToArbitrary(), Gen.Choose(-5, 1_005).ListOf().ToArbitrary(), (here, there) =>
        {
            var counts = Counted(here);
            counts.Add(Counted(there));
            var expected = here.Concat(there).Select(s => s is < 0 or >= 1_000 ? 0 : s).CountBy(s => s).OrderBy(s => s.Key).Select(s => (s.Key, (long)s.Value)).ToList();

            Assert.Equal(expected, counts.Seen());
            Assert.All(expected, e => Assert.Equal(e.Item2, counts[e.Key]));
            Assert.All(Enumerable.Range(0, 1_000).Except(expected.Select(e => e.Key)), s => Assert.Equal(0, counts[s]));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Cleared_counts_count_again_without_allocating()
    {
        var counts = Counted([200, 404, 200, 503]);
        counts.Clear();
        Assert.Empty(counts.Seen());

        Assert.Equal(0, Allocated.By(
            () =>
            {
                for (var i = 0; i < 100; i++)
                {
                    counts.Add(404, 1);
                    counts.Add(200, 2);
                }
            },
            counts.Clear));
        Assert.Equal([(200, 200L), (404, 100L)], counts.Seen());
    }

    private static StatusCounts Counted(IEnumerable<int> statuses)
    {
        var counts = new StatusCounts();
        foreach (var status in statuses)
            counts.Add(status, 1);
        return counts;
    }
}
