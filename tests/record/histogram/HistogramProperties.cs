using FsCheck;
using FsCheck.Fluent;
using static Pressure.Record.Tests.Arrange;

namespace Pressure.Record.Tests;

public sealed class HistogramProperties
{
    /// <summary>Microseconds over the whole range and a little beyond, every order of magnitude as likely as the next.</summary>
    private static readonly Gen<long> Value =
        from magnitude in Gen.Choose(0, 33)
        from within in Gen.Choose(0, int.MaxValue)
        select (long)((1L << magnitude) * (1 + within / (double)int.MaxValue)) - 1;

    private static readonly Arbitrary<long[]> Values = Gen.ArrayOf(Value).ToArbitrary();

    private static readonly Arbitrary<long[]> SomeValues = Gen.NonEmptyListOf(Value).Select(l => l.ToArray()).ToArbitrary();

    [Fact]
    public void Merging_is_the_same_as_recording_all_in_either_order() =>
        Prop.ForAll(Values, Values, (left, right) =>
        {
            var all = HistogramOf([.. left, .. right]);
            var ab = HistogramOf(left);
            ab.Add(HistogramOf(right));
            var ba = HistogramOf(right);
            ba.Add(HistogramOf(left));
            return Same(all, ab) && Same(all, ba);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Percentiles_rise() =>
        Prop.ForAll(SomeValues, Gen.Choose(0, 1000).Two().ToArbitrary(), (values, percents) =>
        {
            var histogram = HistogramOf(values);
            var (low, high) = (Math.Min(percents.Item1, percents.Item2) / 10.0, Math.Max(percents.Item1, percents.Item2) / 10.0);
            return histogram.Percentile(low) <= histogram.Percentile(high);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_percentile_is_never_below_the_exact_one_nor_more_than_a_thousandth_above() =>
        Prop.ForAll(SomeValues, Gen.Choose(1, 1000).ToArbitrary(), (values, permille) =>
        {
            var sorted = values.Select(v => Math.Clamp(v, Histogram.LowestMicros, Histogram.HighestMicros)).Order().ToArray();
            var rank = (int)Math.Max(1, Math.Ceiling(permille * sorted.Length / 1000m));
            var exact = sorted[rank - 1];
            var percentile = HistogramOf(values).Percentile(permille / 10.0).TotalMicroseconds;
            return percentile >= exact && percentile <= exact * 1.001;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_percentile_and_its_share_agree() =>
        Prop.ForAll(SomeValues, Gen.Choose(1, 1000).ToArbitrary(), (values, permille) =>
        {
            var histogram = HistogramOf(values);
            return histogram.ShareAtOrBelow(histogram.Percentile(permille / 10.0)) >= permille / 1000.0 - 1e-12;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_mean_is_within_a_thousandth_of_the_exact_one() =>
        Prop.ForAll(SomeValues, values =>
        {
            var exact = values.Average(v => (double)Math.Clamp(v, Histogram.LowestMicros, Histogram.HighestMicros));
            return Math.Abs(HistogramOf(values).Mean.TotalMicroseconds - exact) <= exact * 0.001 + 0.1;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Few_values_and_many_are_counted_alike_and_can_be_counted_on_after_clearing() =>
        Prop.ForAll(SomeValues, Gen.Choose(1, 700).ToArbitrary(), (values, length) =>
        {
            var many = Enumerable.Range(0, length).Select(i => values[i % values.Length]).ToArray();
            var expected = many.GroupBy(v => v).Aggregate(new Histogram(), (h, g) =>
            {
                h.Record(TimeSpan.FromMicroseconds(g.Key), g.Count());
                return h;
            });
            var counted = HistogramOf(many);
            var merged = new Histogram();
            foreach (var piece in many.Chunk(97))
                merged.Add(HistogramOf(piece));
            var again = HistogramOf(many);
            again.Clear();
            foreach (var value in many)
                again.Record(TimeSpan.FromMicroseconds(value));
            return Same(expected, counted) && Same(expected, merged) && Same(expected, again) && counted.Buckets().Sum(b => b.Count) == length;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Decoding_an_encoded_histogram_gives_the_same() =>
        Prop.ForAll(Values, values => Same(HistogramOf(values), Histogram.Decode(HistogramOf(values).Encode()))).QuickCheckThrowOnFailure();

    private static bool Same(Histogram a, Histogram b) =>
        (a.Count, a.BelowRange, a.AboveRange, a.Min, a.Max, a.Mean) == (b.Count, b.BelowRange, b.AboveRange, b.Min, b.Max, b.Mean)
        && a.Buckets().SequenceEqual(b.Buckets());
}
