using Pressure.TestKit;

namespace Pressure.Cluster.Tests;

public sealed class LeaseBookTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTime _time = new();
    private readonly LeaseBook _book;

    public LeaseBookTests() => _book = new(_time, Lease);

    [Fact]
    public void No_beat_heard_is_no_lease()
    {
        _book.Sending();
        Assert.Null(_book.Left);
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
        Assert.Equal(Lease - (3 * Second), _book.Left);
        _book.Heard(second);
        Assert.Equal(Lease - (2 * Second), _book.Left);
    }

    [Fact]
    public void An_older_beat_that_is_heard_of_again_does_not_shorten_it()
    {
        var first = _book.Sending();
        _time.Advance(Second);
        var second = _book.Sending();
        _book.Heard(second);
        _book.Heard(first);
        Assert.Equal(Lease, _book.Left);
    }

    [Fact]
    public void A_beat_that_was_never_sent_is_nobodys()
    {
        _book.Heard(_book.Sending() + 1_000_000);
        Assert.Null(_book.Left);
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
        Assert.Null(_book.Left);
    }
}
