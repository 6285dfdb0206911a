using Pressure.Record;

namespace Pressure.Cluster.Tests;

public sealed class LiveFeedTests
{
    private static readonly LiveUpdate First = new LiveUpdate.Event(new TimelineEvent.RunStarted(TimeSpan.Zero));
    private static readonly LiveUpdate Second = new LiveUpdate.Reporting();
    private static readonly LiveUpdate Last = new LiveUpdate.Finished(null!);

    [Fact]
    public async Task A_late_follower_gets_every_update_in_order()
    {
        var feed = Feed(First, Second, Last);
        Assert.Equal([(0, First), (1, Second), (2, Last)], await All(feed, from: 0));
    }

    [Fact]
    public async Task A_follower_that_comes_back_goes_on_where_it_was()
    {
        var feed = Feed(First, Second, Last);
        Assert.Equal([(1, Second), (2, Last)], await All(feed, from: 1));
    }

    [Fact]
    public async Task A_follower_that_asks_beyond_the_end_gets_the_end()
    {
        var feed = Feed(First, Last);
        Assert.Equal(Last, Assert.Single(await All(feed, from: 7)).Update);
    }

    [Fact]
    public async Task Followers_wait_for_updates_that_are_still_to_come()
    {
        var feed = new LiveFeed();
        var followers = Enumerable.Range(0, 10).Select(_ => All(feed, from: 0)).ToArray();
        feed.Publish(First);
        feed.Publish(Last);
        foreach (var seen in await Task.WhenAll(followers))
            Assert.Equal([(0, First), (1, Last)], seen);
    }

    [Fact]
    public async Task A_follower_can_leave_while_it_waits()
    {
        using var leave = new CancellationTokenSource();
        var following = new LiveFeed().Follow(0, leave.Token).ToListAsync(TestContext.Current.CancellationToken).AsTask();
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
    }

    [Fact]
    public async Task Of_a_very_long_run_old_seconds_are_thinned_out_and_all_else_is_kept()
    {
        var feed = new LiveFeed();
        feed.Publish(First);
        for (var second = 0; second < 100_000; second++)
            feed.Publish(new LiveUpdate.Second(new() { Second = second, Asked = 0, Sent = 0, NotSent = 0, Ok = 0, Failed = 0 }));
        feed.Publish(Last);

        var seen = await All(feed, from: 0);

        var seconds = seen.Select(u => u.Update).OfType<LiveUpdate.Second>().Select(s => s.Point.Second).ToList();
        Assert.Equal((First, Last), (seen[0].Update, seen[^1].Update));
        Assert.InRange(seconds.Count, LiveFeed.MostSeconds / 2, LiveFeed.MostSeconds);
        Assert.Equal((0, 99_999), (seconds[0], seconds[^1]));
        Assert.Equal(seconds.Order(), seconds);
        // The last hour is whole, and numbers stay what they were.
        Assert.Equal(Enumerable.Range(96_400, 3_600), seconds.TakeLast(3_600));
        Assert.Equal(seconds[^1] + 1, seen[^2].Number);
        Assert.Equal(seen[^3], (await All(feed, seen[^3].Number))[0]);
    }

    private static LiveFeed Feed(params LiveUpdate[] updates)
    {
        var feed = new LiveFeed();
        foreach (var update in updates)
            feed.Publish(update);
        return feed;
    }

    private static Task<List<(int Number, LiveUpdate Update)>> All(LiveFeed feed, int from) =>
        feed.Follow(from, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken).AsTask();
}
