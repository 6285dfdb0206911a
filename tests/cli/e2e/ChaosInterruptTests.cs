using System.Diagnostics;
using Pressure.Faults;
using Pressure.TestKit;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>Ctrl-C in a terminal goes to everybody in the foreground: the controller is asked, and its executor must not be ended by it.</summary>
public sealed class ChaosInterruptTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder _state = new();
    private readonly Process _target = Process.Start("sleep", "600");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FaultJournal Journal => new(_state.Path);

    public void Dispose()
    {
        _target.Kill();
        _target.Dispose();
        _state.Dispose();
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_to_the_whole_foreground_reverts_in_order(string signal)
    {
        // setsid makes a group of its own, which a shell would for a job in the foreground.
        var start = new ProcessStartInfo("setsid", [Path.Combine(AppContext.BaseDirectory, "pressure"), "chaos", "fault", "process-freeze", "--target", $"process={_target.Id}", "--duration", "5m", "--json"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PRESSURE_CHAOS_DIR"] = _state.Path;
        start.Environment.Remove("PRESSURE_PROGRAM");
        using var controller = Process.Start(start)!;
        var (output, error) = (controller.StandardOutput.ReadToEndAsync(Stop), controller.StandardError.ReadToEndAsync(Stop));
        for (var began = TimeProvider.System.GetTimestamp(); HostProcesses.Of(_target.Id)!.State != 'T'; await Task.Delay(20, Stop))
            Assert.True(!controller.HasExited && TimeProvider.System.GetElapsedTime(began) < Patience, controller.HasExited ? await output + await error : "It is not in force.");

        using (var kill = Process.Start("kill", [$"-{signal}", "--", $"-{controller.Id}"]))
            await kill.WaitForExitAsync(Stop);
        await controller.WaitForExitAsync(Stop).WaitAsync(Patience, TimeProvider.System, Stop);

        Assert.NotEqual('T', HostProcesses.Of(_target.Id)!.State);
        Assert.True(Journal.IsEmpty);
        var ended = Assert.Single(Journal.LastEnded(10));
        Assert.Equal(("controller", new UndoOutcome.Undone()), (ended.End.By, ended.End.Outcome));
    }
}
