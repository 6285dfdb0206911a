using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>This host itself.</summary>
/// <param name="name">Its name; null for what it calls itself.</param>
public sealed class HostInventory(string? name = null) : IInventory
{
    private readonly string _name = name ?? Environment.MachineName;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Candidate>> ListAsync(TargetSelector selector, CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<Candidate>>(selector.Kind != TargetKind.Host ? [] : [new Candidate("local", new FaultTarget.Host(_name)) { Name = _name }]);
}
