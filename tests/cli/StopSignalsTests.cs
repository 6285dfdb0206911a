namespace Pressure.Cli.Tests;

public class StopSignalsTests
{
    [Fact]
    public void A_signal_whose_handler_runs_on_while_nobody_listens_any_more_does_no_harm()
    {
        var signals = new StopSignals();
        signals.Dispose();

        signals.Take("SIGTERM");
    }

    [Fact]
    public void The_first_signal_asks_to_stop_and_says_what_it_was()
    {
        using var signals = new StopSignals();

        signals.Take("SIGTERM");

        Assert.True(signals.Token.IsCancellationRequested);
        Assert.Equal("SIGTERM", signals.By);
    }
}
