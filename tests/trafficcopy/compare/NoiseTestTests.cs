namespace Pressure.TrafficCopy.Tests;

public class NoiseTestTests
{
    [Theory]
    [InlineData(0, 0, 0, 100, false)] // never
    [InlineData(1, 0, 0, 100_000, true)] // the two that should be the same never differ: once is enough
    [InlineData(100, 100, 100, 100, false)] // a timestamp
    [InlineData(50, 50, 25, 100, false)] // a coin
    [InlineData(100, 50, 50, 100, true)] // a coin, but always wrong
    [InlineData(3, 1, 0, 100, false)] // too few to tell
    [InlineData(13, 1, 0, 100, true)]
    [InlineData(100, 95, 95, 100, false)] // hidden by noise
    [InlineData(100_000, 96_000, 96_000, 100_000, false)] // certain, but little more
    [InlineData(51_000, 50_000, 25_000, 100_000, false)] // certain, but little more
    [InlineData(60_000, 50_000, 30_000, 100_000, true)]
    [InlineData(500, 1, 0, 100_000, true)] // one in two hundred, where noise is rare
    public void A_field_differs_when_it_does_so_clearly_more_often_than_by_noise(long candidate, long noise, long both, long answers, bool differs) =>
        Assert.Equal(differs, NoiseTest.Differs(new FieldCounts(candidate, noise, both), answers));

    [Theory]
    [InlineData(10, 0, 1 / 1024.0)]
    [InlineData(9, 1, 11 / 1024.0)]
    [InlineData(3, 1, 5 / 16.0)]
    [InlineData(5, 5, 1)]
    [InlineData(0, 0, 1)]
    public void Chance_is_that_of_a_fair_coin(long b, long c, double chance) => Assert.Equal(chance, NoiseTest.Chance(b, c), 12);

    [Theory]
    [InlineData(1_050, 950)]
    [InlineData(1_080, 920)]
    public void Chance_of_many_is_that_of_the_normal_distribution(long b, long c)
    {
        var exact = NoiseTest.Chance(b, c);

        Assert.InRange(NoiseTest.Chance(b * 4, c * 4) / Math.Max(NoiseTest.Chance(b, c), 1e-300), 0, 1);
        Assert.InRange(NoiseTest.Chance(b + 1, c) / exact, 0.8, 1.2); // just beyond what is summed up
    }

    [Fact]
    public void Of_copies_that_are_the_same_hardly_any_field_is_said_to_differ()
    {
        var random = new Random(5);
        var wrong = 0;
        for (var field = 0; field < 2_000; field++)
        {
            var (share, counts) = (random.NextDouble(), default(FieldCounts));
            for (var answer = 0; answer < 300; answer++)
                counts = Count(counts, random.NextDouble() < share, random.NextDouble() < share);
            // Without any noise seen, one difference is one; that is left to the share that noise has in 300 answers.
            wrong += counts.Noise > 0 && NoiseTest.Differs(counts, 300) ? 1 : 0;
        }

        Assert.InRange(wrong, 0, 6);
    }

    [Fact]
    public void A_field_that_broke_is_found_behind_noise()
    {
        var random = new Random(6);
        for (var field = 0; field < 200; field++)
        {
            var counts = default(FieldCounts);
            for (var answer = 0; answer < 300; answer++)
                counts = Count(counts, random.NextDouble() < 0.6, random.NextDouble() < 0.2);
            Assert.True(NoiseTest.Differs(counts, 300));
        }
    }

    private static FieldCounts Count(FieldCounts counts, bool candidate, bool noise) =>
        new(counts.Candidate + (candidate ? 1 : 0), counts.Noise + (noise ? 1 : 0), counts.Both + (candidate && noise ? 1 : 0));
}
