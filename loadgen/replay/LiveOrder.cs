namespace Pressure.LoadGen;

/// <summary>Traffic that is replayed while it passes somewhere (<c>load: { replay: { live: ... } }</c>), instead of captures.</summary>
public sealed record LiveOrder
{
    /// <summary>Agents on whose hosts it passes; none for this machine.</summary>
    public IReadOnlyList<string> Agents { get; init; } = [];

    /// <summary>The interface, there or here; <c>any</c> for all.</summary>
    public string Interface { get; init; } = "any";

    /// <summary>The servers' ports; none for all.</summary>
    public IReadOnlyList<int> Ports { get; init; } = [];

    /// <summary>The servers' addresses or networks; none for all.</summary>
    public IReadOnlyList<string> Servers { get; init; } = [];

    /// <summary>How long after it happened each request is due: long enough for it to get here, and for those that began before it.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(2);
}
