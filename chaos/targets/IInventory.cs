using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>Tells what there is to be struck, as of now.</summary>
public interface IInventory
{
    /// <summary>Everything of a kind on the hosts that a selector means.</summary>
    /// <exception cref="InventoryException">It can't be told: the engine's socket is missing or denied, an agent is away.</exception>
    Task<IReadOnlyList<Candidate>> ListAsync(TargetSelector selector, CancellationToken stop);
}

/// <summary>An inventory can't be told.</summary>
/// <param name="message">What is wrong and what to do, for people.</param>
/// <param name="inner">What told of it.</param>
public sealed class InventoryException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Something that can be struck.</summary>
/// <param name="Host">Where it is: <c>local</c>, or an agent's name.</param>
/// <param name="Target">This instance of it.</param>
public sealed record Candidate(string Host, FaultTarget Target)
{
    /// <summary>Its name, as selectors match it.</summary>
    public required string Name { get; init; }

    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Its image; empty if it has none.</summary>
    public string Image { get; init; } = "";

    /// <summary>Its first process on its host; 0 if unknown.</summary>
    public int Pid { get; init; }

    /// <summary>Whether it runs; what does not is stale and never struck.</summary>
    public bool Running { get; init; } = true;
}
