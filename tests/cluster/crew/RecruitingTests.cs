namespace Pressure.Cluster.Tests;

public sealed class RecruitingTests : CrewTest
{
    [Fact(Timeout = 60_000)]
    public async Task Without_workers_there_is_no_crew_and_the_problem_says_what_to_do()
    {
        var recruiting = await RecruitAsync("rate: 10/s, duration: 1s", workers: 2, with: Quickly);
        Assert.Null(recruiting.Crew);
        Assert.Contains("No worker is ready, 2 are wanted.", Assert.Single(recruiting.Problems).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_worker_of_another_version_is_refused_with_both_versions()
    {
        await WorkerAsync("a");
        await WorkerAsync("b", w => w.Card = w.Card with { Version = "0.0.1" });
        var recruiting = await RecruitAsync("rate: 10/s, duration: 1s", workers: 2, with: Quickly);
        Assert.Contains(recruiting.Problems, p => p.Message.Contains("has version 0.0.1", StringComparison.Ordinal) && p.Message.Contains(ScriptedWorker.OwnVersion, StringComparison.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task Two_workers_of_one_name_are_not_taken()
    {
        await WorkerAsync("a");
        await using var twin = new ScriptedWorker(Bus, "a");
        await twin.ShowOnlyAsync();
        var recruiting = await RecruitAsync("rate: 10/s, duration: 1s", workers: 1, with: Quickly);
        Assert.Contains(recruiting.Problems, p => p.Message.Contains("2 workers are called a", StringComparison.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_each_worker_says_against_it_is_told_at_once_and_all_are_free_again()
    {
        var a = await WorkerAsync("a", w => w.Problems.Add("It can't reach shop.test."));
        var b = await WorkerAsync("b", w => w.Answers = false);
        var c = await WorkerAsync("c");
        var recruiting = await RecruitAsync("rate: 10/s, duration: 1s", workers: 3, with: Quickly);
        Assert.Equal(
            ["Worker a: It can't reach shop.test.", "Worker b did not get ready within 2 s."],
            recruiting.Problems.Select(p => p.Message));
        await UntilAsync(() => a.LastOrders.Stop && b.LastOrders.Stop && c.LastOrders.Stop);
        Assert.All(Workers, w => Assert.Empty(w.MadeSoFar));
    }

    [Fact(Timeout = 60_000)]
    public async Task Who_says_no_is_replaced_by_one_that_is_free_while_there_is_one()
    {
        await WorkerAsync("a");
        var b = await WorkerAsync("b", w => w.Problems.Add("It can't reach shop.test."));
        var c = await WorkerAsync("c", w => w.Problems.Add("Its disk is full."));
        await WorkerAsync("d");
        var recruiting = await RecruitAsync("rate: 10/s, duration: 1s", workers: 2, with: Quickly);
        await using var crew = recruiting.Crew;
        Assert.Empty(recruiting.Problems);
        Assert.Equal(["a", "d"], crew!.Manifest.Workers.Select(w => w.Name));
        Assert.Equal(["Worker c makes the share of worker b: It can't reach shop.test.", "Worker d makes the share of worker c: Its disk is full."], recruiting.Notices);
        await UntilAsync(() => b.LastOrders.Holders.Any(h => h is { Share: 1, Worker: "d" }) && c.LastOrders.Holders.Any(h => h is { Share: 1, Worker: "d" }));
    }

    [Fact(Timeout = 60_000)]
    public async Task Who_dies_before_it_is_ready_is_replaced_and_only_by_one_of_its_region()
    {
        await WorkerAsync("a", w => w.Card = w.Card with { Region = "eu" });
        var dead = await WorkerAsync("b", w => (w.Card, w.Answers) = (w.Card with { Region = "us", Capacity = 9 }, false));
        await WorkerAsync("c", w => w.Card = w.Card with { Region = "eu" });
        await WorkerAsync("d", w => w.Card = w.Card with { Region = "us", Capacity = 1 });
        var recruiting = RecruitAsync("rate: 10/s, duration: 1s", workers: 2, w => w with { Regions = new Dictionary<string, double> { ["eu"] = 0.5, ["us"] = 0.5 } });
        await UntilAsync(() => dead.Offers.Count > 0);
        dead.IsSilent = true;
        await using var crew = (await recruiting).Crew;
        Assert.Equal(["a", "d"], crew!.Manifest.Workers.Select(w => w.Name));
        Assert.Equal(["Worker d makes the share of worker b: it is gone."], (await recruiting).Notices);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_clock_that_is_off_by_minutes_is_told_and_stands_in_nobodys_way()
    {
        await WorkerAsync("a", w => w.ClockOffset = TimeSpan.FromMinutes(-3));
        var recruiting = await RecruitAsync("rate: 10/s, duration: 1s", workers: 1, with: Quickly);
        await using var crew = recruiting.Crew;
        Assert.Contains("off by 180.0 s", Assert.Single(recruiting.Notices), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromMinutes(3), Assert.Single(crew!.Manifest.Workers).ClockOffset);
    }

    [Fact(Timeout = 60_000)]
    public async Task Files_of_the_plan_are_offered_by_their_hash_and_given_in_pieces()
    {
        var worker = await WorkerAsync("a");
        var rows = string.Concat(Enumerable.Range(0, 200_000).Select(i => $"{i}\n"));
        Directory.CreateDirectory(File("plan/data"));
        await System.IO.File.WriteAllTextAsync(File("plan/data/ids.csv"), "id\n" + rows, Cancelled);
        var recruiting = await RecruitAsync("rate: 10/s, duration: 1s", workers: 1, with: Quickly, folder: File("plan"), more: "data: [ { file: data/ids.csv } ]");
        await using var crew = recruiting.Crew;
        var file = Assert.Single(worker.Offers[0].Files);
        Assert.Equal(("data/ids.csv", rows.Length + 3L), (file.Name, file.Length));
        var pieces = await worker.FetchAsync(file);
        Assert.Equal(file.Hash, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(pieces)));
        Assert.Equal("no file of this hash is offered", (await worker.AskAsync(new string('0', 64), 0)).Problem);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_file_outside_of_the_plans_folder_is_a_problem()
    {
        await System.IO.File.WriteAllTextAsync(File("ids.csv"), "id\n1\n", Cancelled);
        Directory.CreateDirectory(File("plan"));
        var recruiting = await RecruitAsync("rate: 10/s, duration: 1s", workers: 1, with: Quickly, folder: File("plan"), more: "data: [ { file: ../ids.csv } ]");
        Assert.Contains("'../ids.csv', which lies outside", Assert.Single(recruiting.Problems).Message, StringComparison.Ordinal);
    }

    private static CrewRequest Quickly(CrewRequest request) => request with { Gathering = TimeSpan.FromSeconds(2), Readiness = TimeSpan.FromSeconds(2) };
}
