using Pressure.Agent;
using Pressure.Cli.ConsoleOutput;
using Pressure.Cluster;
using Pressure.Reports;

namespace Pressure.Cli.Workers;

/// <summary>Goes on with a run whose coordinator is gone, in front of a person or a service manager, and gives the exit code.</summary>
internal sealed class RunResumer(ReportOptions reports, RunOutput output, TimeProvider time)
{
    /// <param name="folder">The run's folder.</param>
    /// <param name="broker">The broker that its workers are connected to.</param>
    public async Task<int> RunAsync(string folder, BrokerAddress broker)
    {
        using var signals = new StopSignals();
        try
        {
            await using var bus = await CrewConnection.ConnectAsync(broker, output, signals.Token);
            var resuming = await new Coordinator(time).ResumeAsync(new ResumeRequest(folder, bus, reports) { Hosts = [new LocalHost()] }, signals.Token);
            if (resuming.Run is not { } run)
                return output.Problems(resuming.Problems);
            await using var stopping = signals.Token.Register(() => run.Stop(signals.By));
            await output.FollowAsync(run);
            var outcome = await run.Completion;
            output.Finish(outcome);
            return outcome.Summary.ExitCode;
        }
        catch (BusException e)
        {
            return output.Invalid(e.Message, "The run's workers end by their leases; its record so far is in its folder.");
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
    }
}
