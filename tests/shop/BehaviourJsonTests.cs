using System.Text.Json;

namespace Shop.Tests;

public class BehaviourJsonTests
{
    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        var behaviour = new Behaviour
        {
            Delay = TimeSpan.FromMicroseconds(1500),
            DelayJitter = TimeSpan.FromMilliseconds(3),
            ErrorRate = 0.015m,
            Capacity = 7,
            WhenFull = WhenFull.Reject,
            Allocate = 65_536,
            Freeze = TimeSpan.FromSeconds(2),
        };
        var problems = new List<string>();

        var read = BehaviourJson.Read(JsonSerializer.SerializeToElement(BehaviourJson.Write(behaviour)), problems);

        Assert.Empty(problems);
        Assert.Equal(behaviour, read);
    }

    [Fact]
    public void All_problems_are_told_at_once()
    {
        var problems = Problems("""{"delay":"5","errorRate":2,"capacity":0,"whenFull":"drop","allocate":1.5,"freezes":"1s"}""");

        Assert.Equal(6, problems.Count);
        Assert.Single(problems, p => p.StartsWith("There is no freezes.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("""{"delay":"-5ms"}""")]
    [InlineData("""{"delay":"1e3ms"}""")]
    [InlineData("""{"delay":"99999999999999999999999s"}""")]
    [InlineData("""{"freeze":"11m"}""")]
    [InlineData("""{"errorRate":"0.1"}""")]
    [InlineData("""{"errorRate":1e40}""")]
    [InlineData("""{"allocate":1000000000}""")]
    public void What_makes_no_sense_is_a_problem(string json) => Assert.NotEmpty(Problems(json));

    [Theory]
    [InlineData("0ms", 0)]
    [InlineData("1us", 0.001)]
    [InlineData("1.5s", 1500)]
    [InlineData("2m", 120_000)]
    public void Durations_are_read_with_their_units(string text, double milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
    }

    private static List<string> Problems(string json)
    {
        var problems = new List<string>();
        BehaviourJson.Read(JsonDocument.Parse(json).RootElement, problems);
        return problems;
    }
}
