namespace Pressure.Faults.Tests.Halting;

public sealed class RunningExperimentsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeTime _time = new();

    private RunningExperiments Experiments => new(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_experiment_runs_until_it_is_over()
    {
        var running = Experiments.Register(Experiment("e1"), _time);

        Assert.Equal(["e1"], Experiments.Read().Select(e => e.Id));
        running.Dispose();
        Assert.Empty(Experiments.Read());
    }

    [Fact]
    public void Experiments_that_begin_at_once_do_not_take_each_other_for_dead()
    {
        Parallel.For(0, 2_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            using var running = Experiments.Register(Experiment($"e{i}"), _time);
            Assert.Contains(Experiments.Read(), e => e.Id == $"e{i}");
        });

        Assert.Empty(Experiments.Read());
    }

    [Fact]
    public void Whoever_runs_it_hears_that_it_is_to_stop()
    {
        using var running = Experiments.Register(Experiment("e1"), _time);
        using var other = Experiments.Register(Experiment("e2"), _time);

        Experiments.AskToStop("e1", "me");
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(running.StopAsked.IsCancellationRequested);
        Assert.False(other.StopAsked.IsCancellationRequested);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../halt")]
    [InlineData("a b")]
    public void What_is_no_id_names_no_file(string id)
    {
        Assert.ThrowsAny<IOException>(() => Experiments.AskToStop(id, "me"));
        Assert.False(Experiments.IsAskedToStop(id));
    }

    [Fact]
    public void The_global_stop_keeps_its_first_reason_and_holds_even_when_nobody_can_read_it()
    {
        var halt = new GlobalStop(_folder.Path);
        Assert.Null(halt.Read());
        halt.Set(new Halt("me", DateTimeOffset.UnixEpoch, "fire"));
        halt.Set(new Halt("you", DateTimeOffset.UnixEpoch, "flood"));

        Assert.Equal(("me", "fire"), (halt.Read()!.By, halt.Read()!.Why));
        File.WriteAllText(_folder.File("halt"), "");
        Assert.NotNull(halt.Read());
        Assert.True(halt.Lift());
        Assert.Null(halt.Read());
        Assert.False(halt.Lift());
    }

    [Fact]
    public void What_stops_faults_needs_no_space_on_the_disk()
    {
        Assert.SkipUnless(SmallDisk.Possible, "Mounting needs root.");
        using var disk = new SmallDisk();
        var (halt, experiments) = (new GlobalStop(disk.Path), new RunningExperiments(disk.Path));
        using var running = experiments.Register(Experiment("e1"), _time);
        disk.Fill();

        experiments.AskToStop("e1", "me");
        halt.Set(new Halt("me", DateTimeOffset.UnixEpoch, "fire"));

        Assert.True(experiments.IsAskedToStop("e1"));
        Assert.True(halt.IsSet);
        Assert.Contains("does not say who", halt.Read()!.ToString());
    }

    private static RunningExperiment Experiment(string id) => new(id, "Title", "me", Environment.ProcessId, DateTimeOffset.UnixEpoch);
}
