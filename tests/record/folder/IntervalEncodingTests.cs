using FsCheck;
using FsCheck.Fluent;

namespace Pressure.Record.Tests;

public sealed class IntervalEncodingTests
{
    // What the version before phases wrote for Sample.Interval(5, share: 3).
    internal const string OfFormat1 =
        "AQYKFBICgAEGXByEkxMAAAAEAAAAAAAAAAMAAAAAAAAAAQAAAADWk6QAP/AAAAAAAAAAAksSAgAEHhICDgQOAvLAAeKi860HkgEchJMTAAAAHw" +
        "AAAAAAAAADAAAAAAAAAAEAAAAA1pOkAD/wAAAAAAAAxxoC/Q8CqwkCzwYCgQYCpwMCpQMCpwMCpQMC9ZwCAgAChgEchJMTAAAAGwAAAAAAAAAD" +
        "AAAAAAAAAAEAAAAA1pOkAD/wAAAAAAAAzw8CzQ8ClQgC5QcCoQQC8QMC8QMC8QMCpwICBBgCGgIGxgECkAMO7gcCAAAAAAAAAAAAAAAAAA==";

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
        Assert.Equal(2, request.Late);
        Assert.Equal((9, 1), (request.Phases[RequestPhase.Waiting]!.Count, request.Phases[RequestPhase.Handshaking]!.Count));
        Assert.Null(request.Phases[RequestPhase.Blocked]);
        Assert.Equal(0, read.Requests[1].ResponseTime.Count);
    }

    [Fact]
    public void An_interval_of_format_1_is_read_without_phases()
    {
        var read = Interval.Decode(Convert.FromBase64String(OfFormat1));

        var expected = Sample.Interval(5, share: 3);
        Assert.Equal((3, 5, 2, 64), (read.Share, read.Second, read.Requests.Count, read.OpenConnections));
        var (request, now) = (read.Requests[0], expected.Requests[0]);
        Assert.Equal((now.Asked, now.Sent, now.NotSent, now.Ok, now.Failed), (request.Asked, request.Sent, request.NotSent, request.Ok, request.Failed));
        Assert.Equal(now.ResponseTime.Encode(), request.ResponseTime.Encode());
        Assert.Equal(now.ServiceTime.Encode(), request.ServiceTime.Encode());
        Assert.Equal(now.Statuses(), request.Statuses());
        Assert.Equal(0, request.Late);
        Assert.False(request.Phases.Any);
    }

    [Fact]
    public void Phases_survive_the_way_through_bytes_whatever_they_were()
    {
        var times = Gen.Choose(0, 4_000_000).ArrayOf().Select(t => (IReadOnlyList<int>)t);
        Prop.ForAll(Gen.Choose(0, PhaseTimes.Count - 1).Select(p => (RequestPhase)p).Zip(Gen.Choose(1, 4_000_000)).ArrayOf().ToArbitrary(), times.ToArbitrary(), (phases, service) =>
        {
            var interval = new Interval(0, 1, 2);
            foreach (var (phase, micros) in phases)
                interval.Requests[1].Phases.Record(phase, TimeSpan.FromMicroseconds(micros));
            foreach (var micros in service)
            {
                interval.Requests[1].ServiceTime.Record(TimeSpan.FromMicroseconds(micros));
                // As with responses that come in one piece: waiting is all the service time there is.
                interval.Requests[0].ServiceTime.Record(TimeSpan.FromMicroseconds(micros));
                interval.Requests[0].Phases.Record(RequestPhase.Waiting, TimeSpan.FromMicroseconds(micros));
            }

            var read = Interval.Decode(interval.Encode());
            for (var i = 0; i < 2; i++)
            {
                foreach (var phase in Enum.GetValues<RequestPhase>())
                    Assert.Equal(interval.Requests[i].Phases[phase]?.Encode(), read.Requests[i].Phases[phase]?.Encode());
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void Waiting_that_is_all_of_the_service_time_is_not_written_twice()
    {
        Interval Second(bool same)
        {
            var interval = new Interval(0, 0, 1);
            for (var i = 1; i <= 500; i++)
            {
                interval.Requests[0].ServiceTime.Record(TimeSpan.FromMicroseconds(i * 97));
                interval.Requests[0].Phases.Record(RequestPhase.Waiting, TimeSpan.FromMicroseconds(i * 97 + (same ? 0 : 200)));
            }

            return interval;
        }

        Assert.InRange(Second(same: true).Encode().Length, 1, Second(same: false).Encode().Length * 0.6);
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
    public void An_idle_request_takes_few_bytes() => Assert.InRange(new Interval(0, 0, 100).Encode().Length, 1, 150);

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
