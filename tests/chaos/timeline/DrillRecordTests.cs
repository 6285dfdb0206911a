namespace Pressure.Chaos.Tests;

public sealed class DrillRecordTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly FakeTime _time = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void A_drill_is_a_run_without_load_that_lies_among_the_others()
    {
        using var drill = DrillRecord.Create(null, _temp.Path, "Kill one item service", "title: Kill one item service\n", _time);
        _time.Advance(TimeSpan.FromSeconds(2));
        drill.Tell(new TimelineEvent.Marked(drill.Clock.Now, "detected", "ops"));
        drill.Complete();

        var run = RunFolder.Read(Assert.Single(Directory.GetDirectories(_temp.Path)));
        Assert.True(run.Manifest.IsDrill);
        Assert.True(run.Ended);
        Assert.Equal("title: Kill one item service\n", run.PlanText);
        Assert.Matches("^[0-9]{8}-[0-9]{6}-kill-one-item-service-[0-9a-f]{4}$", run.Manifest.Id);
        Assert.Empty(run.Intervals);
        Assert.Equal(TimeSpan.FromSeconds(2), run.Events.OfType<TimelineEvent.Marked>().Single().At);
    }

    [Fact]
    public void What_is_told_after_the_end_is_left_out()
    {
        List<TimelineEvent> told = [];
        using var drill = DrillRecord.Create(null, _temp.Path, "x", "", _time, told.Add);
        drill.Complete();
        drill.Tell(new TimelineEvent.Marked(default, "recovered", "ops"));
        drill.Complete();

        Assert.IsType<TimelineEvent.RunEnded>(Assert.Single(told));
        Assert.IsType<TimelineEvent.RunEnded>(Assert.Single(RunFolder.ReadEvents(drill.Folder)));
    }

    [Fact]
    public void One_that_is_not_brought_to_its_end_counts_as_interrupted()
    {
        using (var drill = DrillRecord.Create(null, _temp.Path, "x", "", _time))
            drill.Tell(new TimelineEvent.Marked(default, "detected", "ops"));
        Assert.False(RunFolder.Read(Directory.GetDirectories(_temp.Path)[0]).Ended);
    }

    [Fact]
    public void A_folder_that_holds_a_run_is_not_written_into()
    {
        var folder = Path.Combine(_temp.Path, "drill");
        DrillRecord.Create(folder, _temp.Path, "x", "", _time).Dispose();
        Assert.Throws<IOException>(() => DrillRecord.Create(folder, _temp.Path, "x", "", _time));
    }
}
