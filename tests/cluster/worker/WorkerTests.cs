using System.Security.Cryptography;
using Pressure.Record;

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
        Assert.Equal(new WorkerEnding.Stopped(0), await worker.StopAsync());
    }

    [Fact]
    public async Task Two_shares_of_one_worker_are_made_at_once_and_make_up_the_whole()
    {
        await using var target = new CountingTarget();
        await using var place = await WorkPlace.StartAsync();
        place.Start("a");
        foreach (var share in (int[])[0, 1, 2])
            await place.Coordinator.GiveAsync("a", place.Coordinator.Offer(Plans.Rate(target.Url, 31, seconds: 2), share, shares: 3));
        await Eventually.Holds(() => place.Coordinator.Ends.Count == 3);
        Assert.All(place.Coordinator.Seconds, s => Assert.Equal(s.Head.Share, s.Interval.Share));
        Assert.Equal([20, 21, 21], place.Coordinator.Seconds.GroupBy(s => s.Head.Share).Select(g => g.Sum(s => s.Interval.Requests[0].Asked)).Order());
        Assert.Equal(62, target.Count);
    }

    [Fact]
    public async Task A_change_of_the_load_holds_from_its_moment_on()
    {
        await using var target = new CountingTarget();
        await using var place = await WorkPlace.StartAsync();
        place.Start("a");
        place.Coordinator.Changes.Add(new(TimeSpan.FromSeconds(1), "pause"));
        place.Coordinator.Changes.Add(new(TimeSpan.FromSeconds(2), "resume"));
        await place.Coordinator.GiveAsync("a", place.Coordinator.Offer(Plans.Rate(target.Url, 20, seconds: 3)));
        await Eventually.Get(() => place.Coordinator.Ends.FirstOrDefault());
        Assert.Equal([20, 0, 20], place.Coordinator.Seconds.Take(3).Select(s => s.Interval.Requests[0].Asked));
    }

    [Fact]
    public async Task A_share_that_is_taken_over_is_made_from_its_second_on()
    {
        await using var target = new CountingTarget();
        await using var place = await WorkPlace.StartAsync();
        place.Start("a");
        await place.Coordinator.GiveAsync("a", place.Coordinator.Offer(Plans.Rate(target.Url, 20, seconds: 5)) with { From = TimeSpan.FromSeconds(3) });
        await Eventually.Get(() => place.Coordinator.Ends.FirstOrDefault());
        Assert.Equal(40, target.Count);
        Assert.Equal(3, place.Coordinator.Seconds.First().Interval.Second);
    }

    [Fact]
    public async Task A_share_that_is_taken_over_within_a_second_is_made_from_that_moment_on()
    {
        await using var target = new CountingTarget();
        await using var place = await WorkPlace.StartAsync();
        place.Start("a");
        await place.Coordinator.GiveAsync("a", place.Coordinator.Offer(Plans.Rate(target.Url, 20, seconds: 4)) with { From = TimeSpan.FromSeconds(2.5), ClockSlack = TimeSpan.FromMinutes(1) });
        await Eventually.Get(() => place.Coordinator.Ends.FirstOrDefault());
        Assert.Equal([(2, 10L), (3, 20L)], place.Coordinator.Seconds.Take(2).Select(s => (s.Interval.Second, s.Interval.Requests[0].Asked)));
        Assert.Equal(30, target.Count);
    }

    [Fact]
    public async Task Who_cannot_know_the_time_well_enough_takes_nothing_over()
    {
        await using var target = new CountingTarget();
        await using var place = await WorkPlace.StartAsync();
        place.Start("a");
        var ready = await place.Coordinator.GiveAsync("a", place.Coordinator.Offer(Plans.Rate(target.Url, 20, seconds: 4)) with { From = TimeSpan.FromSeconds(1), ClockSlack = TimeSpan.Zero });
        Assert.Contains("it could send while the one before it still may", Assert.Single(ready.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workers_own_folder_holds_bit_by_bit_what_it_delivered()
    {
        await using var target = new CountingTarget();
        await using var place = await WorkPlace.StartAsync();
        place.Start("a");
        await place.Coordinator.GiveAsync("a", place.Coordinator.Offer(Plans.Rate(target.Url, 50, seconds: 2)));
        await Eventually.Get(() => place.Coordinator.Ends.FirstOrDefault());
        var own = RunFolder.Read(place.ShareFolder("a", share: 0, epoch: 1));
        Assert.True(own.Ended);
        Assert.Equal(place.Coordinator.StartsAt, own.Manifest.StartedAt);
        Assert.Equal(own.Intervals.Select(i => Convert.ToHexString(i.Encode())), place.Coordinator.Seconds.Select(s => Convert.ToHexString(s.Interval.Encode())));
        Assert.Equal(own.Generator.Count, own.Intervals.Count);
    }

    [Fact]
    public async Task A_worker_tells_who_it_is_and_for_which_run_it_works()
    {
        await using var target = new CountingTarget();
        await using var place = await WorkPlace.StartAsync();
        place.Start("a", with: o => o with { Region = "eu", Capacity = 1234, Labels = new Dictionary<string, string> { ["size"] = "big" } });
        var card = await Eventually.Get(() => place.Coordinator.Cards.FirstOrDefault());
        Assert.Equal(("a", "eu", 1234d, "big", null), (card.Name, card.Region, card.Capacity, card.Labels["size"], card.Run));
        await place.Coordinator.GiveAsync("a", place.Coordinator.Offer(Plans.Rate(target.Url, 5, seconds: 2)));
        await Eventually.Holds(() => place.Coordinator.Cards.Any(c => c.Run == ScriptedCoordinator.Run));
        await Eventually.Holds(() => place.Coordinator.Beats.Any(b => b.Shares.Contains(new HeldShare(0, 1)) && b.Instance == card.Instance));
        await Eventually.Holds(() => place.Coordinator.Cards.Last().Run is null);
    }

    [Fact]
    public async Task Who_waits_for_a_begin_is_free_when_somebody_else_was_taken_instead()
    {
        await using var target = new CountingTarget();
        await using var place = await WorkPlace.StartAsync();
        place.Start("a");
        place.Coordinator.Give(0, epoch: 1, "b");
        var offer = place.Coordinator.Offer(Plans.Rate(target.Url, 5, seconds: 20));
        await place.Bus.SendAsync(MessageKinds.WorkerMailbox("a"), MessageBody.Write(MessageKinds.Offer, offer), TestContext.Current.CancellationToken);
        await Eventually.Get(() => place.Coordinator.Readies.FirstOrDefault(r => r.Problems.Count == 0));
        var shown = place.Coordinator.Cards.Count;
        await Eventually.Holds(() => place.Coordinator.Cards.Skip(shown + 1).Any(c => c.Run is null));
        Assert.Equal(0, target.Count);
    }

    [Fact]
    public async Task Another_version_is_refused_with_both_versions()
    {
        await using var place = await WorkPlace.StartAsync();
        place.Start("a", with: o => o with { Version = "2.0" });
        var ready = await place.Coordinator.GiveAsync("a", place.Coordinator.Offer(Plans.Rate(new("http://127.0.0.1:9/"), 5, 1), version: "1.9"));
        Assert.Contains("2.0", Assert.Single(ready.Problems));
        Assert.Contains("1.9", ready.Problems[0]);
    }

    [Fact]
    public async Task Everything_that_keeps_a_share_from_beginning_is_told_at_once()
    {
        await using var place = await WorkPlace.StartAsync();
        place.Start("a");
        var plan = Plans.Rate(new("http://127.0.0.1:9/"), 5, 1).Replace("get: /", "get: http://127.0.0.1:10/");
        var ready = await place.Coordinator.GiveAsync("a", place.Coordinator.Offer(plan + "  - name: other\n    steps: [ { get: http://127.0.0.1:9/ } ]\n"));
        Assert.Equal(2, ready.Problems.Count);
        Assert.Contains(ready.Problems, p => p.Contains("Worker a can't reach 127.0.0.1:9", StringComparison.Ordinal));
        Assert.Contains(ready.Problems, p => p.Contains("Worker a can't reach 127.0.0.1:10", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_that_is_not_allowed_is_refused()
    {
        await using var place = await WorkPlace.StartAsync();
        place.Start("a");
        var ready = await place.Coordinator.GiveAsync("a", place.Coordinator.Offer(Plans.Rate(new("http://shop.test/"), 5, 1)));
        Assert.Contains("shop.test", Assert.Single(ready.Problems));
    }

    [Fact]
    public async Task A_plan_with_problems_is_refused_with_their_places()
    {
        await using var place = await WorkPlace.StartAsync();
        place.Start("a");
        var ready = await place.Coordinator.GiveAsync("a", place.Coordinator.Offer("name: x\nload: { rate: fast }\n"));
        Assert.True(ready.Problems.Count > 1);
        Assert.All(ready.Problems, p => Assert.StartsWith("plan.yaml:", p));
    }

    [Fact]
    public async Task Files_come_in_pieces_by_their_hash_and_only_once()
    {
        await using var target = new CountingTarget();
        await using var place = await WorkPlace.StartAsync();
        place.Start("a");
        var (file, bytes) = Offered("data/users.csv", "name\n" + string.Concat(Enumerable.Range(0, 50).Select(i => $"user{i}\n")));
        place.Coordinator.Files[file.Hash] = bytes;
        place.Coordinator.PieceBytes = 100;
        var plan = Plans.Rate(target.Url, 5, 1).Replace("get: /", "get: \"/${users.name}\"") + "data: [ { name: users, file: data/users.csv } ]\n";
        foreach (var share in (int[])[0, 1])
            await place.Coordinator.OfferAsync("a", place.Coordinator.Offer(plan, share, shares: 2) with { Files = [file], Manifest = place.Coordinator.Offer(Plans.Rate(target.Url, 5, 1)).Manifest });
        await Eventually.Holds(() => place.Coordinator.Readies.Count == 2);
        Assert.All(place.Coordinator.Readies, r => Assert.Empty(r.Problems));
        Assert.Equal((bytes.Length + 99) / 100, place.Coordinator.Wanted.Count);
    }

    [Fact]
    public async Task A_file_that_is_not_what_was_offered_is_refused()
    {
        await using var place = await WorkPlace.StartAsync();
        place.Start("a");
        var (file, bytes) = Offered("users.csv", "name\nanna\n");
        bytes[^2] ^= 1;
        place.Coordinator.Files[file.Hash] = bytes;
        var ready = await place.Coordinator.GiveAsync("a", place.Coordinator.Offer(Plans.Rate(new("http://127.0.0.1:9/"), 5, 1)) with { Files = [file] });
        Assert.Contains("'users.csv' is not what was offered", Assert.Single(ready.Problems));
        Assert.Empty(Directory.GetFiles(Path.Combine(place.FolderOf("a"), "files")));
    }

    [Fact]
    public async Task Another_runs_share_is_declined_while_it_works()
    {
        await using var target = new CountingTarget();
        await using var place = await WorkPlace.StartAsync();
        place.Start("a");
        await using var others = await place.Bus.OpenAsync(MessageKinds.RunMailbox("other"), stop: TestContext.Current.CancellationToken);
        await place.Coordinator.GiveAsync("a", place.Coordinator.Offer(Plans.Rate(target.Url, 5, seconds: 20)));
        await place.Coordinator.OfferAsync("a", place.Coordinator.Offer(Plans.Rate(target.Url, 5, seconds: 20)) with { Run = "other" });
        await foreach (var delivery in others.ReadAsync(TestContext.Current.CancellationToken))
        {
            Assert.Contains($"works for run {ScriptedCoordinator.Run}", Assert.Single(MessageBody.Read<ShareReady>(delivery.Message, out _).Problems));
            break;
        }
    }

    [Fact]
    public async Task The_clock_of_the_run_is_the_coordinators()
    {
        await using var target = new CountingTarget();
        await using var place = await WorkPlace.StartAsync();
        place.Start("a");
        place.Coordinator.Ahead = TimeSpan.FromMinutes(7);
        place.Coordinator.StartsAt = TimeProvider.System.GetUtcNow() + place.Coordinator.Ahead + TimeSpan.FromSeconds(1);
        var ready = await place.Coordinator.GiveAsync("a", place.Coordinator.Offer(Plans.Rate(target.Url, 20, seconds: 1)));
        Assert.InRange(ready.ClockOffset - place.Coordinator.Ahead, -ready.ClockUncertainty - TimeSpan.FromMilliseconds(50), ready.ClockUncertainty + TimeSpan.FromMilliseconds(50));
        var ended = await Eventually.Get(() => place.Coordinator.Ends.FirstOrDefault());
        Assert.Equal(TimeSpan.FromSeconds(1), ended.Until);
        Assert.Equal(20, target.Count);
    }

    [Fact]
    public async Task Two_workers_of_one_name_are_one_too_many()
    {
        await using var place = await WorkPlace.StartAsync();
        place.Start("a");
        await Eventually.Get(() => place.Coordinator.Cards.FirstOrDefault());
        var second = place.Start("a", with: o => o with { StateFolder = place.FolderOf("elsewhere") });
        Assert.Equal(new WorkerEnding.NameTaken("a"), await second.Ending);
    }

    [Fact]
    public async Task Two_workers_can_not_share_a_folder()
    {
        await using var place = await WorkPlace.StartAsync();
        place.Start("a");
        await Eventually.Get(() => place.Coordinator.Cards.FirstOrDefault());
        var second = place.Start("b", with: o => o with { StateFolder = place.FolderOf("a") });
        Assert.Contains("Another worker uses", Assert.IsType<WorkerEnding.NoFolder>(await second.Ending).Why);
    }

    internal static (OfferedFile File, byte[] Bytes) Offered(string name, string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        return (new(name, Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length), bytes);
    }
}
