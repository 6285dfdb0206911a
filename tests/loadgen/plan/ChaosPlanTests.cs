using Pressure.TestKit;

namespace Pressure.LoadGen.Tests;

public sealed class ChaosPlanTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public ChaosPlanTests() => File.WriteAllText(_folder.File("kill.yaml"), "title: not read here\n");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Experiments_begin_with_the_measured_time_or_when_the_plan_says()
    {
        var result = Read("stages: [ { rate: 5/s, over: 20s }, { rate: 5/s -> 9/s, over: 30s }, { rate: 9/s, over: 10s } ], warmUp: 5s", "[ kill.yaml, { experiment: kill.yaml, at: 1500ms }, { experiment: kill.yaml, at: 50% }, { experiment: kill.yaml, stage: 3 } ]");

        Assert.Empty(result.Problems);
        Assert.Equal([5, 1.5, 30, 50], result.Plan!.Chaos.Select(c => c.At.TotalSeconds));
        Assert.All(result.Plan.Chaos, c => Assert.Equal((_folder.File("kill.yaml"), "kill.yaml"), (c.File, c.Name)));
        Assert.Equal("chaos[1].experiment", result.Plan.Chaos[1].Place.Field);
    }

    [Fact]
    public void A_plan_without_experiments_has_none() => Assert.Empty(Read("rate: 5/s", "[]").Plan!.Chaos);

    [Theory]
    [InlineData("[ gone.yaml ]", "chaos[0]", "no file 'gone.yaml'")]
    [InlineData("[ { at: 5s } ]", "chaos[0].experiment", "is missing")]
    [InlineData("[ { experiment: kill.yaml, at: 10s } ]", "chaos[0].at", "the load is over by 10s")]
    [InlineData("[ { experiment: kill.yaml, at: 100% } ]", "chaos[0].at", "the load is over by 100%")]
    [InlineData("[ { experiment: kill.yaml, at: 5 } ]", "chaos[0].at", "has no unit")]
    [InlineData("[ { experiment: kill.yaml, at: 5s, stage: 1 } ]", "chaos[0].stage", "both say when")]
    [InlineData("[ { experiment: kill.yaml, stage: 1 } ]", "chaos[0].stage", "no stages")]
    [InlineData("[ { experiment: kill.yaml, when: 5s } ]", "chaos[0].when", "unknown key")]
    [InlineData("kill.yaml", "chaos", "should be a list")]
    public void What_is_wrong_is_told_with_a_remedy(string chaos, string field, string told)
    {
        var problem = Assert.Single(Read("rate: 5/s, duration: 10s", chaos).Problems, p => p.Field == field && p.Message.Contains(told, StringComparison.Ordinal));
        Assert.NotEmpty(problem.Remedy);
    }

    private PlanResult Read(string load, string chaos)
    {
        File.WriteAllText(_folder.File("plan.yaml"), Plans.With(load, more: $"chaos: {chaos}"));
        return PlanReader.ReadFile(_folder.File("plan.yaml"));
    }
}
