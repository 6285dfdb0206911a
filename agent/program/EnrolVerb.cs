namespace Pressure.Agent.Program;

/// <summary><c>pressure-agent enrol</c>.</summary>
internal static class EnrolVerb
{
    public static async Task<int> RunAsync(AgentArguments.Enrol asked, TextWriter output, TextWriter errors, CancellationToken stop)
    {
        AgentIdentity.MakeFolder(asked.Data);
        using var held = RingLock.TryTake(asked.Data);
        if (held is null)
        {
            await errors.WriteLineAsync($"An agent is running with the data folder {asked.Data}. Stop it first, or give another folder by --data.");
            return ExitCodes.InvalidInput;
        }
        var result = await Enrolment.AskAsync(asked.Server, asked.Token, PendingKey.Take(asked.Data), asked.Name, asked.Labels, stop);
        if (result.Identity is not { } identity)
        {
            await errors.WriteLineAsync(result.Problem);
            return result.Refused ? ExitCodes.Refused : ExitCodes.Failed;
        }
        // What an earlier agent has not sent would come under the new one's name.
        if (Directory.Exists(AgentService.RingFolder(asked.Data)))
            Directory.Delete(AgentService.RingFolder(asked.Data), recursive: true);
        identity.Write(asked.Data);
        PendingKey.Drop(asked.Data);
        await output.WriteLineAsync($"Enrolled at {asked.Server.Authority} as {identity.Name}. Start it with: pressure-agent run --data {asked.Data}");
        return ExitCodes.Ok;
    }
}
