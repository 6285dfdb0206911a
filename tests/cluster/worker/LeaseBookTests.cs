using Pressure.Record;
using Pressure.TestKit;

namespace Pressure.Cluster.Tests;

public sealed class LeaseBookTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTime _time = new();
    private readonly LeaseBook _book;
    private readonly RunClock _clock;

    public LeaseBookTests() => (_book, _clock) = (new(_time, Lease), new RunClock(_time));

    private TimeSpan? End => _book.EndOn(_clock);

    [Fact]
    public void It_ends_when_it_ends_however_late_somebody_asks()
    {
        _time.Advance(Second);
        _book.Heard(_book.Sending());
        Assert.Equal(Lease + Second, End);
        // Frozen.
        _time.Advance(2 * Lease);
        Assert.Equal(Lease + Second, End);
        Assert.Equal(-Lease, _book.EndOn(new RunClock(_time)));
    }

    [Fact]
    public void No_beat_heard_is_no_lease()
    {
        _book.Sending();
        Assert.Null(End);
    }

    [Fact]
    public void A_lease_counts_from_when_the_last_beat_that_was_heard_was_sent()
    {
        var first = _book.Sending();
        _time.Advance(Second);
        var second = _book.Sending();
        _time.Advance(Second);
        _book.Sending();
        _time.Advance(Second);
        _book.Heard(first);
        Assert.Equal(Lease, End);
        _book.Heard(second);
        Assert.Equal(Lease + Second, End);
    }

    [Fact]
    public void An_older_beat_that_is_heard_of_again_does_not_shorten_it()
    {
        var first = _book.Sending();
        _time.Advance(Second);
        var second = _book.Sending();
        _book.Heard(second);
        _book.Heard(first);
        Assert.Equal(Lease + Second, End);
    }

    [Fact]
    public void A_beat_that_was_never_sent_is_nobodys()
    {
        _book.Heard(_book.Sending() + 1_000_000);
        Assert.Null(End);
    }

    [Fact]
    public void Numbers_go_on_rising_when_the_worker_starts_again()
    {
        var last = _book.Sending();
        _time.Advance(Second);
        Assert.True(new LeaseBook(_time, Lease).Sending() > last);
    }

    [Fact]
    public void Numbers_rise_within_a_millisecond_too()
    {
        var numbers = Enumerable.Range(0, 1_000).Select(_ => _book.Sending()).ToList();
        Assert.Equal(numbers.Order().Distinct(), numbers);
        // Only the last few are kept.
        _book.Heard(numbers[0]);
        Assert.Null(End);
    }
}
