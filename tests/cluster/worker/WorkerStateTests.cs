using Pressure.LoadGen;
using Pressure.TestKit;

namespace Pressure.Cluster.Tests;

/// <summary>What a worker keeps on disk, and that it stays within bounds.</summary>
public sealed class WorkerStateTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeTime _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Files_that_were_used_longest_ago_make_room_and_those_in_use_stay()
    {
        await using var place = await WorkPlace.StartAsync();
        place.Start("a", with: o => o with { CacheBytes = 25 });
        OfferedFile[] files = [Offer(place, "1", 10), Offer(place, "2", 10), Offer(place, "3", 10)];
        foreach (var (number, file) in files.Index())
        {
            await place.Coordinator.OfferAsync("a", Unreachable(place, number) with { Files = [file] });
            await Eventually.Holds(() => place.Coordinator.Readies.Count == number + 1);
            File.SetLastWriteTimeUtc(Path.Combine(place.FolderOf("a"), "files", file.Hash), DateTime.UnixEpoch.AddDays(number));
        }
        var kept = Directory.GetFiles(Path.Combine(place.FolderOf("a"), "files")).Select(Path.GetFileName);
        Assert.Equal(files[1..].Select(f => f.Hash).Order(), kept.Order());
        await place.Coordinator.OfferAsync("a", Unreachable(place, 3) with { Files = files });
        await Eventually.Holds(() => place.Coordinator.Readies.Count == 4);
        Assert.Contains("keeps at most 25 bytes", Assert.Single(place.Coordinator.Readies.Last().Problems));
    }

    [Fact]
    public void Of_the_records_of_runs_the_last_ones_stay()
    {
        var options = new WorkerOptions("a", _folder.Path) { KeepRuns = 2 };
        foreach (var run in (string[])["1", "2", "3", "4", "5"])
            Directory.SetLastWriteTimeUtc(Directory.CreateDirectory(Path.Combine(_folder.Path, "runs", run)).FullName, DateTime.UnixEpoch.AddDays(int.Parse(run)));
        StateCare.Prune(options, ["1"]);
        Assert.Equal(["1", "4", "5"], Directory.GetDirectories(Path.Combine(_folder.Path, "runs")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_plans_folder_is_laid_anew()
    {
        File.WriteAllText(_folder.File("content"), "hello");
        var folder = _folder.File("files");
        PlanFolder.Lay(folder, [new("old", "x", 5)], _ => _folder.File("content"));
        PlanFolder.Lay(folder, [new("data/new", "x", 5)], _ => _folder.File("content"));
        Assert.Equal("hello", File.ReadAllText(Path.Combine(folder, "data", "new")));
        Assert.False(File.Exists(Path.Combine(folder, "old")));
        Assert.Throws<IOException>(() => PlanFolder.Lay(folder, [new("../x", "x", 5)], _ => _folder.File("content")));
    }

    [Fact]
    public void A_note_that_makes_no_sense_is_none()
    {
        Assert.Null(ShareNote.Read(_folder.Path));
        foreach (var text in (string[])["", "{", "null", "{}", "[]", """{"run":"../x","share":0,"epoch":0}""", """{"run":null,"share":0,"epoch":0}"""])
        {
            File.WriteAllText(_folder.File("share.json"), text);
            Assert.Null(ShareNote.Read(_folder.Path));
        }
        ShareNote.Write(_folder.Path, new("r", 1, 2) { Ended = new("a", 1, 2) { Seconds = 3, Until = _time.GetUtcNow().TimeOfDay, Failure = "x" } });
        ShareNote.Settle(_folder.Path);
        Assert.True(ShareNote.Read(_folder.Path) is { IsSettled: true, Ended: { Seconds: 3, Failure: "x" } });
    }

    [Theory]
    [InlineData(100, 2, 10_000, 1_512, null)]
    [InlineData(100, 2, 10_000, 1_000, "512 + 500")]
    [InlineData(100, 2, 300, 812, null)]
    [InlineData(100_000, 2, 10_000, 20_000, null)]
    [InlineData(100_000, 2, 10_000, 4_096, "512 + 10000")]
    public void Descriptors_are_held_against_what_a_share_may_need(int rate, int shares, int connections, long descriptors, string? needed)
    {
        var plan = Plans.Rate(new("http://127.0.0.1/"), rate, 10) + $"http: {{ maxConnections: {connections}, timeout: 10s }}\n";
        var share = new WorkShare(new ShareSplit([.. Enumerable.Repeat(1m, shares)]), 0);
        var problem = Preflight.Descriptors(Workload.Of(PlanReader.Parse(plan, "plan").Plan!), share, "a", descriptors).SingleOrDefault();
        Assert.Equal(needed?.Split(" + ").Sum(int.Parse).ToString(), problem?.Split("(ulimit -n) to ")[1].Split(',')[0]);
    }

    // Not ready, so that nothing is held when the next one comes.
    private static ShareOffer Unreachable(WorkPlace place, int share) => place.Coordinator.Offer(Plans.Rate(new("http://127.0.0.1:9/"), 1, 1), share, shares: 10);

    private static OfferedFile Offer(WorkPlace place, string name, int length)
    {
        var (file, bytes) = WorkerTests.Offered(name, new string(name[0], length));
        place.Coordinator.Files[file.Hash] = bytes;
        return file;
    }
}
