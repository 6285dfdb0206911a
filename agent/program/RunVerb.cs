namespace Pressure.Agent.Program;

/// <summary><c>pressure-agent run</c>.</summary>
internal static class RunVerb
{
    public static async Task<int> RunAsync(AgentArguments.Run asked, TextWriter errors, TimeProvider time, CancellationToken leave)
    {
        if (AgentIdentity.Read(asked.Data) is not { } identity)
        {
            await errors.WriteLineAsync($"No agent is enrolled in {asked.Data}. Enrol it first: pressure-agent enrol --server https://centre:5443 --token pressure1.SECRET.PIN --data {asked.Data}");
            return ExitCodes.InvalidInput;
        }
        if (RingLock.TryTake(asked.Data) is not { } held)
        {
            await errors.WriteLineAsync($"An agent is running with the data folder {asked.Data} already. One folder is for one agent; enrol another one by --data.");
            return ExitCodes.InvalidInput;
        }
        await using var agent = AgentService.Start(identity, asked.Data, held, time, new Random(), errors.WriteLine);
        await agent.RunAsync(CancellationToken.None, leave);
        return ExitCodes.Ok;
    }
}
