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
        var tries = new List<(Step.Request Request, TriedRequest Tried)>();
        foreach (var request in plan.Requests)
        {
            var tried = await SingleRequest.TryAsync(request, plan.Http, "once", signals.Token);
            tries.Add((request, tried));
            output.Tried(request, tried);
            if (signals.Token.IsCancellationRequested)
                break;
        }
        output.TriedAll(tries);
        if (signals.Token.IsCancellationRequested)
            return ExitCodes.Interrupted;
        return tries.TrueForAll(t => t.Tried.Error == RequestError.None) ? ExitCodes.Ok : ChecksFailed;
    }
}
