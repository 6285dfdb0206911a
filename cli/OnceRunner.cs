using Pressure.Cli.ConsoleOutput;
using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Cli;

/// <summary>Sends each request of a plan once and shows what came back: a look before pressing.</summary>
internal static class OnceRunner
{
    /// <summary>As k6: criteria that do not hold.</summary>
    private const int ChecksFailed = 99;

    public static async Task<int> RunAsync(LoadPlan plan, RunOutput output)
    {
        using var signals = new StopSignals();
        var failed = 0;
        try
        {
            foreach (var scenario in plan.Scenarios)
            {
                await foreach (var (request, tried) in SingleRequest.TryAllAsync(scenario, plan.Http, "once", signals.Token))
                {
                    output.Tried(request, tried);
                    if (tried.Error != RequestError.None)
                        failed++;
                }
            }
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        return failed == 0 ? ExitCodes.Ok : ChecksFailed;
    }
}
