using Pressure.TestKit;

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
        await PressAsync(place, target, share: 0, shares: 2);
        await PressAsync(place, target, share: 1, shares: 2);
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
        await PressAsync(place, target, share: 0, shares: 2);
        await PressAsync(place, target, share: 1, shares: 2);
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
        await PressAsync(place, target);
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
        await PressAsync(place, target);
        place.Coordinator.IsSilent = true;
        place.Coordinator.Stop = true;
        await place.Coordinator.TellOrdersAsync(number: 1);
        place.Coordinator.Stop = false;
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
        await PressAsync(place, target);
        place.Coordinator.IsSilent = true;
        var ended = await Eventually.Get(() => place.Coordinator.Ends.FirstOrDefault());
        Assert.True(ended.LeaseRanOut);
        Assert.True(ended.Until < Long);
        Assert.Equal(ended.Seconds, place.Coordinator.Seconds.Count);
        AssertAccounts(place, target);
    }

    [Fact]
    public async Task A_worker_that_was_frozen_sends_nothing_after_its_lease()
    {
        await using var target = new CountingTarget();
        await using var place = await WorkPlace.StartAsync(Short);
        var time = new JumpingTime();
        place.Start("a", time: time);
        await PressAsync(place, target);
        place.Coordinator.IsSilent = true;
        time.Jump(Short * 5);
        var before = target.Count;
        place.Coordinator.IsSilent = false;
        var ended = await Eventually.Get(() => place.Coordinator.Ends.FirstOrDefault());
        Assert.True(ended.LeaseRanOut);
        // One may have been on its way.
        Assert.InRange(target.Count, before, before + 2);
        AssertAccounts(place, target);
    }

    [Fact]
    public async Task A_worker_that_is_cut_off_delivers_every_second_once_when_it_is_back()
    {
        await using var target = new CountingTarget();
        await using var place = await WorkPlace.StartAsync();
        var bus = new CuttableBus(place.Bus);
        var worker = place.Start("a", bus);
        await PressAsync(place, target, seconds: 6);
        bus.IsCut = true;
        await Eventually.Holds(() => worker.Worker.Status is { CutOff: not null, Shares: [{ Undelivered: >= 3 }] });
        Assert.True(bus.Refused > 0);
        bus.IsCut = false;
        var ended = await Eventually.Get(() => place.Coordinator.Ends.FirstOrDefault());
        Assert.Equal((null, false), (ended.Failure, ended.LeaseRanOut));
        Assert.Equal(Enumerable.Range(0, ended.Seconds), place.Coordinator.Seconds.Select(s => s.Interval.Second));
        AssertAccounts(place, target);
        Assert.Equal(6 * Rate, target.Count);
    }

    [Fact]
    public async Task A_worker_on_a_full_disk_says_so_and_delivers_only_what_it_could_record()
    {
        Assert.SkipUnless(SmallDisk.Possible, "needs root on Linux");
        using var disk = new SmallDisk();
        await using var target = new CountingTarget();
        await using var place = await WorkPlace.StartAsync();
        place.Start("a", with: o => o with { StateFolder = Path.Combine(disk.Path, "a") });
        await PressAsync(place, target, seconds: 60);
        disk.Fill();
        var ended = await Eventually.Get(() => place.Coordinator.Ends.FirstOrDefault());
        Assert.Contains("it can't write its record", ended.Failure);
        Assert.Equal(ended.Seconds, place.Coordinator.Seconds.Count);
        Assert.Equal(Enumerable.Range(0, ended.Seconds), place.Coordinator.Seconds.Select(s => s.Interval.Second));
        disk.Free();
    }

    [Fact]
    public async Task A_worker_that_is_told_to_stop_gives_its_share_back_and_delivers_what_it_has()
    {
        await using var target = new CountingTarget();
        await using var place = await WorkPlace.StartAsync();
        var worker = place.Start("a");
        await PressAsync(place, target);
        Assert.Equal(new WorkerEnding.Stopped(0), await worker.StopAsync());
        var ended = Assert.Single(place.Coordinator.Ends);
        Assert.Equal("it was told to stop", ended.Failure);
        Assert.Equal(ended.Seconds, place.Coordinator.Seconds.Count);
        AssertAccounts(place, target);
    }

    [Fact]
    public async Task A_worker_that_is_ready_and_told_to_stop_says_so()
    {
        await using var target = new CountingTarget();
        await using var place = await WorkPlace.StartAsync();
        var worker = place.Start("a");
        await place.Coordinator.OfferAsync("a", place.Coordinator.Offer(Plans.Rate(target.Url, Rate, 30)));
        await Eventually.Get(() => place.Coordinator.Readies.FirstOrDefault());
        await worker.StopAsync();
        Assert.Equal(("it was told to stop", 0), (Assert.Single(place.Coordinator.Ends).Failure, target.Count));
    }

    [Fact]
    public async Task A_worker_that_starts_again_delivers_what_it_could_not()
    {
        await using var target = new CountingTarget();
        await using var place = await WorkPlace.StartAsync();
        var bus = new CuttableBus(place.Bus);
        var first = place.Start("a", bus, with: o => o with { Leaving = TimeSpan.FromSeconds(1) });
        await PressAsync(place, target);
        bus.IsCut = true;
        await Eventually.Holds(() => first.Worker.Status.Shares is [{ Undelivered: >= 2 }]);
        var stopped = Assert.IsType<WorkerEnding.Stopped>(await first.StopAsync());
        Assert.True(stopped.Undelivered >= 2);
        Assert.Empty(place.Coordinator.Ends);
        place.Start("a");
        var ended = await Eventually.Get(() => place.Coordinator.Ends.FirstOrDefault());
        Assert.Equal("it was told to stop", ended.Failure);
        Assert.Equal(Enumerable.Range(0, ended.Seconds), place.Coordinator.Seconds.Select(s => s.Interval.Second).Distinct().Order());
    }

    private const int Rate = 20;

    private static TimeSpan Long => TimeSpan.FromSeconds(60);

    private static async Task PressAsync(WorkPlace place, CountingTarget target, int share = 0, int shares = 1, int seconds = 60)
    {
        await place.Coordinator.GiveAsync("a", place.Coordinator.Offer(Plans.Rate(target.Url, Rate, seconds), share, shares: shares));
        await Eventually.Holds(() => place.Coordinator.Seconds.Any(s => s.Head.Share == share));
    }

    // Whatever ended it: what reached the target is what was told.
    private static void AssertAccounts(WorkPlace place, CountingTarget target)
    {
        var sent = place.Coordinator.Seconds.Sum(s => s.Interval.Requests.Sum(r => r.Sent));
        Assert.InRange(target.Count, sent - 2, sent);
    }
}
