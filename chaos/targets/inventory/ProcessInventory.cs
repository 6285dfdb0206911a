using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>The processes of this host, called as people call them: <c>orders</c> for <c>dotnet orders.dll</c>.</summary>
/// <param name="list">Lists them; null for this host's own.</param>
public sealed class ProcessInventory(Func<IReadOnlyList<HostProcess>>? list = null) : IInventory
{
    private readonly Func<IReadOnlyList<HostProcess>> _list = list ?? HostProcesses.List;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Candidate>> ListAsync(TargetSelector selector, CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<Candidate>>(selector.Kind != TargetKind.Process ? [] : [.. _list().Select(p => CandidateOf("local", p))]);

    /// <summary>A process as something that can be struck; its command line stands in the label <c>command</c>.</summary>
    /// <param name="host">Where it is: <c>local</c>, or an agent's name.</param>
    /// <param name="process">The process.</param>
    public static Candidate CandidateOf(string host, HostProcess process) => new(host, new FaultTarget.Process(process.Pid, process.Start, process.Program))
    {
        Name = process.Program,
        Pid = process.Pid,
        Labels = new Dictionary<string, string> { ["command"] = string.Join(' ', process.Arguments) },
    };
}
