using FsCheck;
using FsCheck.Fluent;
using Pressure.Record;
using Interval = Pressure.Record.Interval;

namespace Pressure.Reports.Tests;

public class MergeTests
{
    /// <summary>Response times in microseconds with the share that measured each, over the whole range that is kept and beyond.</summary>
    private static Arbitrary<(int Share, long Micros)[]> Times() =>
        (from share in Gen.Choose(0, 7)
         from digits in Gen.Choose(0, 10)
         from value in Gen.Choose(1, 999)
         select (share, (long)(value * Math.Pow(10, digits) / 100))).NonEmptyListOf().Select(l => l.ToArray()).ToArbitrary();

    [Fact]
    public void Eight_shares_merged_are_the_histogram_of_all_values() => Prop.ForAll(Times(), times =>
    {
        var whole = new Interval(0, 9, 1);
        var shares = Enumerable.Range(0, 8).Select(s => new Interval(s, 9, 1)).ToList();
        foreach (var (share, micros) in times)
        {
            Count(whole, micros);
            Count(shares[share], micros);
        }
        var run = RunBuilder.New().Build();
        var merged = Timeline.Point(run.Manifest, shares, [], null);
        var alone = Timeline.Point(run.Manifest, [whole], [], null);
        Assert.Equal((alone.Sent, alone.P50, alone.P90, alone.P99, alone.Max, alone.ServiceP99), (merged.Sent, merged.P50, merged.P90, merged.P99, merged.Max, merged.ServiceP99));
        Assert.Equal(Bits(run, [whole]), Bits(run, shares));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void The_order_in_which_shares_are_merged_does_not_matter() => Prop.ForAll(Times(), times =>
    {
        var shares = Enumerable.Range(0, 8).Select(s => new Interval(s, 9, 1)).ToList();
        foreach (var (share, micros) in times)
            Count(shares[share], micros);
        var run = RunBuilder.New().Build();
        Assert.Equal(Bits(run, shares), Bits(run, [.. Enumerable.Reverse(shares)]));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    private static byte[] Bits(RunRecord run, IReadOnlyList<Interval> intervals)
    {
        var merged = new Interval(0, 9, 1);
        foreach (var interval in intervals)
            merged.Add(Interval.Decode(interval.Encode()));
        Assert.Equal(Durations.Of(merged.Requests[0].ResponseTime), Summarizer.Summarize(run with { Intervals = intervals }).ResponseTime);
        return merged.Encode();
    }

    private static void Count(Interval interval, long micros)
    {
        var request = interval.Requests[0];
        (request.Asked, request.Sent, request.Ok) = (request.Asked + 1, request.Sent + 1, request.Ok + 1);
        request.CountStatus(200);
        request.ResponseTime.Record(TimeSpan.FromMicroseconds(micros));
        request.ServiceTime.Record(TimeSpan.FromMicroseconds(micros / 2));
        request.Phases.Record(RequestPhase.Waiting, TimeSpan.FromMicroseconds(micros / 3));
        interval.Lateness.Record(TimeSpan.FromMicroseconds(micros % 97));
    }
}
