using Pressure.Cli.ConsoleOutput;
using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Cli;

/// <summary>Sends each request of a plan once and shows what came back: a look before pressing.</summary>
internal static class OnceRunner
{
    /// <summary>As k6: criteria that do not hold.</summary>
    private const int ChecksFailed = 99;

    public static async Task<int> RunAsync(LoadPlan plan, TargetGuard guard, RunOutput output)
    {
        using var signals = new StopSignals();
        var tries = new List<(Step.Request Request, TriedRequest Tried)>();
        try
        {
            await TryEachAsync();
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            // What has been tried so far is shown below.
        }
        output.TriedAll(tries);
        if (signals.Token.IsCancellationRequested)
            return ExitCodes.Interrupted;
        return tries.TrueForAll(t => t.Tried.Error == RequestError.None) ? ExitCodes.Ok : ChecksFailed;

        async Task TryEachAsync()
        {
            foreach (var scenario in plan.Scenarios)
            {
                await foreach (var (request, tried) in SingleRequest.TryAllAsync(scenario, plan.Http, "once", signals.Token, guard))
                {
                    tries.Add((request, tried));
                    output.Tried(request, tried);
                    signals.Token.ThrowIfCancellationRequested();
                }
            }
        }
    }
}
