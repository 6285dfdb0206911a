using Pressure.LoadGen;

namespace Pressure.Cluster.Tests;

public sealed class CrewChoiceTests
{
    [Fact]
    public void Without_capacities_all_are_equal_and_names_decide()
    {
        var choice = CrewChoice.Of(new WorkersWish { Count = 2 }, [Card("c"), Card("a"), Card("b")], "1");
        Assert.Equal(["a", "b"], choice.Workers.Select(w => w.Name));
        Assert.Equal([1, 1], choice.Weights);
    }

    [Fact]
    public void The_strongest_are_taken_and_get_what_they_can_do()
    {
        var choice = CrewChoice.Of(new WorkersWish { Count = 2 }, [Card("a", 1_000), Card("b", 6_000), Card("c", 3_000)], "1");
        Assert.Equal(["b", "c"], choice.Workers.Select(w => w.Name));
        Assert.Equal([6_667, 3_333], choice.Weights);
    }

    [Fact]
    public void One_unknown_capacity_makes_all_equal() =>
        Assert.Equal([1, 1], CrewChoice.Of(new WorkersWish { Count = 2 }, [Card("a"), Card("b", 6_000)], "1").Weights);

    [Fact]
    public void Regions_get_their_shares_whatever_their_workers_can_do()
    {
        var wish = new WorkersWish { Count = 5, Regions = new Dictionary<string, double> { ["eu"] = 0.6, ["us"] = 0.4 } };
        var there = Enumerable.Range(0, 4).SelectMany(i => new[] { Card($"eu{i}", 1_000, "eu"), Card($"us{i}", 9_000, "us"), Card($"x{i}", 99_000) }).ToList();
        var choice = CrewChoice.Of(wish, there, "1");
        Assert.Equal(["eu", "eu", "eu", "us", "us"], choice.Workers.Select(w => w.Region));
        Assert.Equal(0.6, (double)choice.Weights.Take(3).Sum() / choice.Weights.Sum(), 3);
    }

    [Fact]
    public void All_that_stands_in_the_way_is_told_at_once()
    {
        var choice = CrewChoice.Of(
            new WorkersWish { Count = 4 },
            [Card("twin"), Card("twin"), Card("old") with { Version = "0.9" }, Card("busy") with { Run = "other" }, Card("good")],
            "1");
        Assert.Empty(choice.Workers);
        var text = string.Join('\n', choice.Problems);
        Assert.Contains("2 workers are called twin", text, StringComparison.Ordinal);
        Assert.Contains("Worker old has version 0.9, this is version 1.", text, StringComparison.Ordinal);
        Assert.Contains("Worker busy works for the run other.", text, StringComparison.Ordinal);
        Assert.Contains("Only 1 worker is ready, 4 are wanted.", text, StringComparison.Ordinal);
        Assert.All(choice.Problems, p => Assert.NotEmpty(p.Remedy));
    }

    [Fact]
    public void Nobody_there_says_how_to_start_one() =>
        Assert.Contains("pressure worker --broker", Assert.Single(CrewChoice.Of(new WorkersWish { Count = 2 }, [], "1").Problems).Remedy, StringComparison.Ordinal);

    [Fact]
    public void What_is_wrong_with_workers_that_are_not_needed_is_nobodys_business()
    {
        var choice = CrewChoice.Of(new WorkersWish { Count = 1 }, [Card("old") with { Version = "0.9" }, Card("good")], "1");
        Assert.Equal("good", Assert.Single(choice.Workers).Name);
        Assert.Empty(choice.Problems);
    }

    [Fact]
    public void A_thousand_uneven_workers_can_be_cut_for()
    {
        List<WorkerCard> there = [.. Enumerable.Range(1, 1_000).Select(i => Card($"w{i:0000}", i))];
        var choice = CrewChoice.Of(new WorkersWish { Count = 1_000 }, there, "1");
        Assert.All(choice.Weights, w => Assert.InRange(w, 1, 10_000));
        Assert.Equal(1_000, new ShareSplit([.. choice.Weights.Select(w => (decimal)w)]).Count);
    }

    private static WorkerCard Card(string name, double capacity = 0, string region = "") => new() { Name = name, Instance = Guid.NewGuid(), Version = "1", Capacity = capacity, Region = region };
}
