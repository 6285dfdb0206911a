namespace Pressure.Cluster.Tests;

public sealed class HearingWatchTests
{
    private readonly HearingWatch _watch = new();

    [Fact]
    public void Who_looks_all_the_time_may_judge_all_the_time() => Assert.All(Enumerable.Range(0, 100), i => Assert.True(Judges(i * 200)));

    [Fact]
    public void After_a_stand_still_everybody_has_time_to_be_heard()
    {
        Assert.True(Judges(100));
        Assert.False(Judges(3_000));
        Assert.All(Enumerable.Range(1, 4), i => Assert.False(Judges(3_000 + (i * 100))));
        Assert.True(Judges(3_500));
    }

    [Fact]
    public void Who_is_always_late_judges_all_the_same() => Assert.InRange(Enumerable.Range(0, 100).Count(i => Judges(i * 400)), 50, 90);

    [Fact]
    public void While_nothing_is_carried_and_a_moment_later_nobody_is_judged()
    {
        Assert.True(Judges(100));
        Assert.All(Enumerable.Range(2, 9), i => Assert.False(Judges(i * 100, isConnected: false)));
        Assert.All(Enumerable.Range(11, 4), i => Assert.False(Judges(i * 100)));
        Assert.True(Judges(1_500));
    }

    private bool Judges(int at, bool isConnected = true) => _watch.CanJudge(TimeSpan.FromMilliseconds(at), isConnected);
}
