namespace Pressure.Cluster.Tests;

public sealed class WorkerTests
{
    [Fact]
    public async Task A_share_is_offered_made_and_delivered()
    {
        await using var target = new CountingTarget();
        await using var place = await WorkPlace.StartAsync();
        var worker = place.Start("a");
        var ready = await place.Coordinator.GiveAsync("a", place.Coordinator.Offer(Plans.Rate(target.Url, 20, seconds: 3)));
        Assert.Empty(ready.Problems);
        var ended = await Eventually.Get(() => place.Coordinator.Ends.FirstOrDefault());
        Assert.Null(ended.Failure);
        Assert.False(ended.LeaseRanOut);
        Assert.Equal(TimeSpan.FromSeconds(3), ended.Until);
        Assert.Equal(ended.Seconds, place.Coordinator.Seconds.Count);
        Assert.Equal(60, place.Coordinator.Seconds.Sum(s => s.Interval.Requests[0].Asked));
        Assert.Equal(60, target.Count);
        Assert.All(place.Coordinator.Seconds, s => Assert.Equal("a", s.Head.Generator.Worker));
        Assert.IsType<WorkerEnding.Stopped>(await worker.StopAsync());
    }
}
