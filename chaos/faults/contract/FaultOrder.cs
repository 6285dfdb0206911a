using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>A fault that somebody wants: what, where, for how long.</summary>
/// <param name="Kind">Kind of fault.</param>
/// <param name="Target">What it strikes.</param>
/// <param name="Duration">How long it holds; then it is undone by itself, whatever happens. One day at the most.</param>
public sealed record FaultOrder(string Kind, FaultTarget Target, TimeSpan Duration)
{
    /// <summary>Arguments by name; values as JSON scalars, written as <see cref="ParameterType"/> says.</summary>
    public JsonObject Arguments { get; init; } = [];

    /// <summary>The experiment that it belongs to, for the journal; empty if none.</summary>
    public string Experiment { get; init; } = "";

    /// <summary>Who wants it, for the journal.</summary>
    public string By { get; init; } = "";
}

/// <summary>What <see cref="IFault.PrepareAsync"/> found. A closed set.</summary>
public abstract record Preparation
{
    private Preparation()
    {
    }

    /// <summary>It can be done and undone.</summary>
    /// <param name="Prior">What was there before, all that undoing needs.</param>
    public sealed record Ready(JsonObject Prior) : Preparation;

    /// <summary>It can't be, or must not be; nothing was touched.</summary>
    /// <param name="Why">An English sentence.</param>
    /// <param name="Remedy">What to do instead.</param>
    public sealed record Refused(string Why, string Remedy) : Preparation;
}
