namespace Pressure.Mirror.Tests;

public class CircuitBreakerTests
{
    private static readonly BreakerRules Rules = new();

    private readonly FakeTime _time = new();
    private readonly CircuitBreaker _breaker;

    public CircuitBreakerTests() => _breaker = new CircuitBreaker(Rules, _time);

    [Fact]
    public void It_opens_after_failures_in_a_row()
    {
        Fail(Rules.Consecutive - 1);
        Assert.Equal(BreakerState.Closed, _breaker.State);

        Fail(1);

        Assert.Equal((BreakerState.Open, true, 1L), (_breaker.State, _breaker.IsPointless, _breaker.Openings));
        Assert.False(_breaker.TryEnter(out _));
    }

    [Fact]
    public void An_answer_in_between_begins_the_row_anew()
    {
        Fail(Rules.Consecutive - 1);
        Succeed(1);
        Fail(Rules.Consecutive - 1);

        Assert.Equal(BreakerState.Closed, _breaker.State);
    }

    [Fact]
    public void It_opens_when_half_of_the_copies_of_the_last_moments_failed()
    {
        for (var i = 0; i < Rules.AtLeast / 2; i++)
        {
            Assert.Equal(BreakerState.Closed, _breaker.State);
            Succeed(1);
            Fail(1);
        }

        Assert.Equal(BreakerState.Open, _breaker.State);
    }

    [Fact]
    public void Failures_of_long_ago_do_not_count()
    {
        for (var i = 0; i < 10; i++)
        {
            Fail(Rules.Consecutive - 1);
            Succeed(1);
            _time.Advance(Rules.Window * 2);
        }

        Assert.Equal(BreakerState.Closed, _breaker.State);
    }

    [Fact]
    public void After_its_pause_it_lets_one_copy_through_and_closes_when_that_is_answered()
    {
        Fail(Rules.Consecutive);
        _time.Advance(Rules.Pause);
        Assert.False(_breaker.IsPointless);

        Assert.True(_breaker.TryEnter(out var probe));
        Assert.Equal((BreakerState.HalfOpen, true), (_breaker.State, _breaker.IsPointless));
        Assert.False(_breaker.TryEnter(out _));
        _breaker.Succeeded(probe);

        Assert.Equal(BreakerState.Closed, _breaker.State);
        Assert.True(_breaker.TryEnter(out _));
    }

    [Fact]
    public void Each_copy_that_is_tried_in_vain_doubles_the_pause_up_to_the_longest()
    {
        Fail(Rules.Consecutive);
        for (var pause = Rules.Pause; pause < Rules.LongestPause * 4; pause *= 2)
        {
            var expected = pause < Rules.LongestPause ? pause : Rules.LongestPause;
            _time.Advance(expected - TimeSpan.FromTicks(1));
            Assert.True(_breaker.IsPointless);
            _time.Advance(TimeSpan.FromTicks(1));
            Fail(1);
        }
    }

    [Fact]
    public void The_pause_is_short_again_after_it_was_closed()
    {
        Fail(Rules.Consecutive);
        _time.Advance(Rules.Pause);
        Fail(1);
        _time.Advance(Rules.Pause * 2);
        Succeed(1);
        Fail(Rules.Consecutive);

        _time.Advance(Rules.Pause);

        Assert.True(_breaker.TryEnter(out _));
    }

    [Fact]
    public void What_was_sent_before_it_opened_says_nothing_afterwards()
    {
        Assert.True(_breaker.TryEnter(out var before));
        Fail(Rules.Consecutive);

        _breaker.Succeeded(before);
        Assert.Equal(BreakerState.Open, _breaker.State);
        _time.Advance(Rules.Pause);
        Assert.True(_breaker.TryEnter(out var probe));
        _breaker.Failed(before);
        Assert.Equal(BreakerState.HalfOpen, _breaker.State);
        _breaker.Succeeded(probe);

        Assert.Equal(BreakerState.Closed, _breaker.State);
    }

    [Fact]
    public void A_copy_that_was_tried_and_given_up_leaves_room_for_another()
    {
        Fail(Rules.Consecutive);
        _time.Advance(Rules.Pause);
        Assert.True(_breaker.TryEnter(out var probe));

        _breaker.Abandoned(probe);

        Assert.True(_breaker.TryEnter(out _));
    }

    private void Fail(int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.True(_breaker.TryEnter(out var permit));
            _breaker.Failed(permit);
        }
    }

    private void Succeed(int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.True(_breaker.TryEnter(out var permit));
            _breaker.Succeeded(permit);
        }
    }
}
