using Pressure.Faults;

namespace Pressure.Agent;

/// <summary>What a centre can ask of an agent to do with faults, and what it hears where nobody allowed that.</summary>
public static class FaultCommands
{
    /// <summary>The list.</summary>
    /// <param name="faults">Applies them; null where whoever started the agent did not allow it.</param>
    public static IReadOnlyList<IAgentCommand> All(AgentFaults? faults) =>
    [
        Command("fault.open", faults is null ? null : faults.OpenAsync),
        Command("fault.renew", faults is null ? null : faults.RenewAsync),
        Command("fault.start", faults is null ? null : faults.StartAsync),
        Command("fault.end", faults is null ? null : faults.EndAsync),
        Command("fault.close", faults is null ? null : faults.CloseAsync),
        Command("fault.list", faults is null ? null : faults.ListAsync),
        Command("fault.inventory", faults is null ? null : faults.InventoryAsync),
    ];

    private static FaultCommand Command(string name, Func<FaultAsk, CancellationToken, Task<FaultTold>>? run) => new(name, run ?? NotAllowed);

    private static Task<FaultTold> NotAllowed(FaultAsk ask, CancellationToken stop) =>
        throw new FaultException("This agent takes no faults. Whoever owns its host allows them by starting it with: pressure-agent run --faults");
}
