using Pressure.TestKit;

namespace Pressure.Cluster.Tests;

/// <summary>What becomes of a worker's results when the bus, the disk or the worker itself goes away.</summary>
public sealed class WorkerResultTests
{
    [Fact]
    public async Task A_worker_that_is_cut_off_delivers_every_second_once_when_it_is_back()
    {
        await using var target = new CountingTarget();
        await using var place = await WorkPlace.StartAsync();
        var bus = new CuttableBus(place.Bus);
        var worker = place.Start("a", bus);
        await place.PressAsync(target, seconds: 6);
        bus.IsCut = true;
        await Eventually.Holds(() => worker.Worker.Status is { CutOff: not null, Shares: [{ Undelivered: >= 3 }] });
        Assert.True(bus.Refused > 0);
        bus.IsCut = false;
        var ended = await Eventually.Get(() => place.Coordinator.Ends.FirstOrDefault());
        Assert.Equal((null, false), (ended.Failure, ended.LeaseRanOut));
        Assert.Equal(Enumerable.Range(0, ended.Seconds), place.Coordinator.Seconds.Select(s => s.Interval.Second));
        place.AssertAccounts(target);
        Assert.Equal(6 * WorkPlace.Rate, target.Count);
    }

    [Fact]
    public async Task A_worker_on_a_full_disk_says_so_and_delivers_only_what_it_could_record()
    {
        Assert.SkipUnless(SmallDisk.Possible, "needs root on Linux");
        using var disk = new SmallDisk();
        await using var target = new CountingTarget();
        await using var place = await WorkPlace.StartAsync();
        place.Start("a", with: o => o with { StateFolder = Path.Combine(disk.Path, "a") });
        await place.PressAsync(target, seconds: 60);
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
        await place.PressAsync(target);
        Assert.Equal(new WorkerEnding.Stopped(0), await worker.StopAsync());
        var ended = Assert.Single(place.Coordinator.Ends);
        Assert.Equal("it was told to stop", ended.Failure);
        Assert.Equal(ended.Seconds, place.Coordinator.Seconds.Count);
        place.AssertAccounts(target);
    }

    [Fact]
    public async Task A_worker_that_is_ready_and_told_to_stop_says_so()
    {
        await using var target = new CountingTarget();
        await using var place = await WorkPlace.StartAsync();
        var worker = place.Start("a");
        await place.Coordinator.OfferAsync("a", place.Coordinator.Offer(Plans.Rate(target.Url, WorkPlace.Rate, 30)));
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
        await place.PressAsync(target);
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
}
