using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>Hosts other than this machine, as their agents reach them.</summary>
/// <param name="Connected">Lists those that are connected; throws an <see cref="InventoryException"/> where that can't be told.</param>
/// <param name="Ask">Has the agent of a host do something.</param>
public sealed record AgentHosts(Func<CancellationToken, Task<IReadOnlyList<string>>> Connected, Func<string, AskAgent> Ask);
