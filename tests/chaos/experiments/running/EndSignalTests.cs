namespace Pressure.Chaos.Tests.Experiments.Running;

public sealed class EndSignalTests
{
    [Fact]
    public void Whoever_saw_the_stop_file_a_moment_before_the_run_was_over_ends_nothing()
    {
        using var asked = new CancellationTokenSource();
        var run = new EndSignal(CancellationToken.None);
        // As a run hears of the stop file; this registration is not taken back at its end.
        asked.Token.Register(() => run.End(ExperimentStatus.Interrupted, "somebody asked for its end"));
        run.Dispose();

        asked.Cancel();
    }
}
