using System.Runtime.InteropServices;
using Pressure.Faults;

namespace Pressure.Agent.Program;

/// <summary><c>pressure-agent run</c>.</summary>
internal static class RunVerb
{
    private const string AllowFaults = "PRESSURE_AGENT_FAULTS";
    private const string AllowCapture = "PRESSURE_AGENT_CAPTURE";

    private static string Rid => $"linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    public static async Task<int> RunAsync(AgentArguments.Run asked, TextWriter errors, TimeProvider time, CancellationToken leave)
    {
        // In the environment, so that a successor has it too.
        if (asked.Docker is { } socket)
            Environment.SetEnvironmentVariable("DOCKER_HOST", $"unix://{socket}");
        if (asked.Faults)
            Environment.SetEnvironmentVariable(AllowFaults, "yes");
        if (asked.Capture is { } allowed)
            Environment.SetEnvironmentVariable(AllowCapture, allowed.ToString());
        if (AgentIdentity.Read(asked.Data) is not { } identity)
        {
            await errors.WriteLineAsync($"No agent is enrolled in {asked.Data}. Enrol it first: pressure-agent enrol --server https://centre:5443 --token pressure1.SECRET.PIN --data {asked.Data}");
            return ExitCodes.InvalidInput;
        }
        var manager = new ServiceManager(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"));
        await using var agent = new AgentService(identity, asked.Data, time, new Random(), errors.WriteLine, asked.Replaces);
        var upgrade = new Upgrade(agent, asked.Data, agent.Instance, manager, time);
        await using var faults = Environment.GetEnvironmentVariable(AllowFaults) == "yes" ? new AgentFaults(StateFolder.Usual, FaultTools.UsualSocket) : null;
        agent.Commands.AddRange(FaultCommands.All(faults));
        using var captures = Environment.GetEnvironmentVariable(AllowCapture) is { } text && CapturePermission.Parse(text) is { } permission ? new AgentCaptures(permission, time) : null;
        agent.Commands.AddRange(CaptureCommands.All(captures));
        await RevertLeftAsync(errors, time);
        agent.Commands.Add(new UpgradeCommand(identity, InstalledProgram.Of(Environment.ProcessPath), Rid, upgrade.RunAsync));
        if (await TurnAsync(agent, asked, errors, time, leave) is not { } held)
            return ExitCodes.InvalidInput;
        manager.Ready();
        await agent.RunAsync(held, leave);
        if (leave.IsCancellationRequested)
            manager.Stopping();
        return ExitCodes.Ok;
    }

    /// <summary>What a crash or a reboot left of faults is undone, whether new ones are allowed or not.</summary>
    private static async Task RevertLeftAsync(TextWriter errors, TimeProvider time)
    {
        try
        {
            await new WatchdogProcess(StateFolder.Usual, time).EnsureIfNeededAsync();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync($"Faults that were left over can't be undone: {e.Message}");
        }
    }

    /// <summary>The data folder's lock when it is this process's turn to work; null if it is not to come.</summary>
    private static async Task<RingLock?> TurnAsync(AgentService agent, AgentArguments.Run asked, TextWriter errors, TimeProvider time, CancellationToken leave)
    {
        if (asked.Replaces is null)
        {
            if (RingLock.TryTake(asked.Data) is { } held)
                return held;
            await errors.WriteLineAsync($"An agent is running with the data folder {asked.Data} already. One folder is for one agent; enrol another one by --data.");
            return null;
        }
        agent.Warm();
        var succession = new Succession(Console.In, Console.Out);
        if (!await succession.WaitForTurnAsync(leave))
            return null;
        _ = ServingAsync(agent, succession);
        return await RingLock.TakeAsync(asked.Data, time, leave);
    }

    private static async Task ServingAsync(AgentService agent, Succession succession)
    {
        await agent.Connected;
        succession.Serving();
    }
}
