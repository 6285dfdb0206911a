using FsCheck;
using FsCheck.Fluent;

namespace Pressure.Record.Tests;

public sealed class IntervalEncodingTests
{
    [Fact]
    public void Every_count_survives_the_way_through_bytes()
    {
        var read = Interval.Decode(Sample.Interval(5, share: 3).Encode());

        Assert.Equal((3, 5, 2), (read.Share, read.Second, read.Requests.Count));
        Assert.Equal((10, 9, 1, 64, 3), (read.IterationsStarted, read.IterationsEnded, read.IterationsDropped, read.OpenConnections, read.InFlight));
        Assert.Equal((10, 1), (read.Lateness.Count, read.Lateness.BelowRange));
        var request = read.Requests[0];
        Assert.Equal((15, 9, 1, 7, 2), (request.Asked, request.Sent, request.NotSent, request.Ok, request.Failed));
        Assert.Equal((7, 1, 12_345, 987_654_321), (request.ChecksPassed, request.ChecksFailed, request.BytesSent, request.BytesReceived));
        Assert.Equal((10, 1), (request.ResponseTime.Count, request.ResponseTime.AboveRange));
        Assert.Equal(9, request.ServiceTime.Count);
        Assert.Equal([(RequestError.CheckFailed, 1L), (RequestError.Stopped, 1L)], request.Errors());
        Assert.Equal([(99, 1L), (200, 7L), (503, 1L)], request.Statuses());
        Assert.Equal(0, read.Requests[1].ResponseTime.Count);
    }

    [Fact]
    public void A_decoded_interval_can_be_added_to()
    {
        var sum = Interval.Decode(Sample.Interval(5).Encode());
        sum.Add(Interval.Decode(Sample.Interval(5).Encode()));
        var expected = Sample.Interval(5);
        expected.Add(Sample.Interval(5));

        Assert.Equal(expected.Encode(), sum.Encode());
    }

    [Fact]
    public void A_negative_count_is_refused_before_it_spoils_a_log() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Interval(0, 0, 1) { InFlight = -1 }.Encode());

    [Fact]
    public void An_idle_request_takes_few_bytes() => Assert.InRange(new Interval(0, 0, 100).Encode().Length, 1, 1_400);

    [Fact]
    public void An_interval_cut_short_or_with_bytes_behind_is_refused()
    {
        var bytes = Sample.Interval(5).Encode();
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => Interval.Decode(bytes.AsSpan(0, length)));
        Assert.Throws<InvalidDataException>(() => Interval.Decode([.. bytes, 0]));
    }

    [Fact]
    public void Any_bytes_are_either_an_interval_or_refused()
    {
        var sound = Sample.Interval(5).Encode();
        Prop.ForAll(Gen.Choose(0, sound.Length - 1).ToArbitrary(), ArbMap.Default.ArbFor<byte[]>(), (kept, noise) =>
        {
            try
            {
                Interval.Decode([.. sound.AsSpan(0, kept), .. noise, .. sound.AsSpan(Math.Min(sound.Length, kept + noise.Length))]);
            }
            catch (InvalidDataException)
            {
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    [Fact]
    public void A_status_outside_0_to_999_is_counted_as_0()
    {
        var request = new RequestInterval();
        request.CountStatus(-1);
        request.CountStatus(1000, 2);
        request.CountStatus(999);

        Assert.Equal([(0, 3L), (999, 1L)], request.Statuses());
        Assert.Equal(0, request.StatusCount(1000));
        Assert.Equal(0, request.StatusCount(404));
    }
}
