namespace Pressure.Cluster.Tests;

/// <summary>All the ways in which a worker's load comes to an end.</summary>
public sealed class WorkerEndTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task A_stop_ends_every_share()
    {
        await using var target = new CountingTarget();
        await using var place = await WorkPlace.StartAsync();
        place.Start("a");
        await place.PressAsync(target, share: 0, shares: 2);
        await place.PressAsync(target, share: 1, shares: 2);
        place.Coordinator.Stop = true;
        await Eventually.Holds(() => place.Coordinator.Ends.Count == 2);
        Assert.All(place.Coordinator.Ends, e => Assert.True(e is { Failure: null, LeaseRanOut: false } && e.Until < Long));
    }

    [Fact]
    public async Task A_share_that_orders_give_to_another_worker_ends_at_once_and_the_other_share_goes_on()
    {
        await using var target = new CountingTarget();
        await using var place = await WorkPlace.StartAsync();
        var worker = place.Start("a");
        await place.PressAsync(target, share: 0, shares: 2);
        await place.PressAsync(target, share: 1, shares: 2);
        place.Coordinator.Give(0, epoch: 2, "b");
        var ended = await Eventually.Get(() => place.Coordinator.Ends.FirstOrDefault());
        Assert.Equal((0, null, false), (ended.Share, ended.Failure, ended.LeaseRanOut));
        await Eventually.Holds(() => worker.Worker.Status.Shares is [{ Share: 1, Phase: SharePhase.Pressing }]);
    }

    [Fact]
    public async Task A_share_that_orders_do_not_name_ends_at_once()
    {
        await using var target = new CountingTarget();
        await using var place = await WorkPlace.StartAsync();
        place.Start("a");
        await place.PressAsync(target);
        lock (place.Coordinator.Holders)
            place.Coordinator.Holders.Clear();
        var ended = await Eventually.Get(() => place.Coordinator.Ends.FirstOrDefault());
        Assert.Equal((null, false), (ended.Failure, ended.LeaseRanOut));
    }

    [Fact]
    public async Task Orders_that_are_older_than_others_change_nothing()
    {
        await using var target = new CountingTarget();
        await using var place = await WorkPlace.StartAsync();
        var worker = place.Start("a");
        await place.PressAsync(target);
        place.Coordinator.IsSilent = true;
        await place.Coordinator.TellOrdersAsync(number: 1, stop: true);
        place.Coordinator.IsSilent = false;
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.Equal(SharePhase.Pressing, Assert.Single(worker.Worker.Status.Shares).Phase);
    }

    [Fact]
    public async Task A_worker_whose_coordinator_is_not_heard_ends_by_its_lease_and_delivers()
    {
        await using var target = new CountingTarget();
        await using var place = await WorkPlace.StartAsync(Short);
        place.Start("a");
        await place.PressAsync(target);
        place.Coordinator.IsSilent = true;
        var ended = await Eventually.Get(() => place.Coordinator.Ends.FirstOrDefault());
        Assert.True(ended.LeaseRanOut);
        Assert.True(ended.Until < Long);
        Assert.Equal(ended.Seconds, place.Coordinator.Seconds.Count);
        place.AssertAccounts(target);
    }

    [Fact]
    public async Task A_worker_that_was_frozen_sends_nothing_after_its_lease()
    {
        await using var target = new CountingTarget();
        await using var place = await WorkPlace.StartAsync(Short);
        var time = new JumpingTime();
        place.Start("a", time: time);
        await place.PressAsync(target);
        place.Coordinator.IsSilent = true;
        time.Jump(Short * 5);
        var before = target.Count;
        place.Coordinator.IsSilent = false;
        var ended = await Eventually.Get(() => place.Coordinator.Ends.FirstOrDefault());
        Assert.True(ended.LeaseRanOut);
        // Some may have been on their way, a second's worth at most; had it gone on, it would have sent what fifteen seconds asked for.
        Assert.InRange(target.Count, before, before + WorkPlace.Rate);
        place.AssertAccounts(target);
    }

    private static TimeSpan Long => TimeSpan.FromSeconds(60);
}
