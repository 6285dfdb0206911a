using System.Collections.Immutable;
using Pressure.Record;

namespace Pressure.Chaos;

/// <summary>How a drill stands after what it told so far. Pure.</summary>
public sealed record DrillStanding
{
    /// <summary>Of a drill that has told nothing yet.</summary>
    public static DrillStanding Start { get; } = new();

    /// <summary>Faults that hold, in the order in which they began.</summary>
    public ImmutableList<FaultInForce> Faults { get; init; } = [];

    /// <summary>Faults that are over.</summary>
    public int Undone { get; init; }

    /// <summary>Probes with what they said last, in the order in which they were asked first.</summary>
    public ImmutableList<ProbeLight> Probes { get; init; } = [];

    /// <summary>What could not be undone so far, by handle.</summary>
    public ImmutableDictionary<string, string> Left { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The standing after one more event.</summary>
    public DrillStanding After(TimelineEvent what) => what switch
    {
        TimelineEvent.FaultOn on => this with { Faults = Faults.RemoveAll(f => f.Handle == on.Handle).Add(new(on.Handle, on.Fault, on.Host, on.On, on.Arguments, on.At, on.Until)) },
        TimelineEvent.FaultOff off => this with { Faults = Faults.RemoveAll(f => f.Handle == off.Handle), Undone = Undone + 1, Left = Left.Remove(off.Handle) },
        TimelineEvent.RevertIncomplete left => this with { Left = Left.SetItem(left.Handle, left.Detail) },
        TimelineEvent.ProbeFailed failed => this with { Probes = Lit(new(failed.Probe, false, failed.Why, failed.At)) },
        TimelineEvent.ProbeHeld held => this with { Probes = Lit(new(held.Probe, true, "", held.At)) },
        _ => this,
    };

    private ImmutableList<ProbeLight> Lit(ProbeLight light)
    {
        var at = Probes.FindIndex(p => p.Probe == light.Probe);
        return at < 0 ? Probes.Add(light) : Probes.SetItem(at, light);
    }
}

/// <summary>A fault that holds.</summary>
/// <param name="Handle">Its ownership handle.</param>
/// <param name="Fault">Kind of fault.</param>
/// <param name="Host">Where: <c>local</c>, or an agent's name.</param>
/// <param name="On">What is struck.</param>
/// <param name="Arguments">Its arguments for people; empty if none.</param>
/// <param name="Since">Since when, on the drill's clock.</param>
/// <param name="Until">When it ends by itself, on the drill's clock.</param>
public sealed record FaultInForce(string Handle, string Fault, string Host, string On, string Arguments, TimeSpan Since, TimeSpan Until);

/// <summary>What a probe said last.</summary>
/// <param name="Probe">Its name.</param>
/// <param name="Holds">Whether it held.</param>
/// <param name="Why">What it saw, when it did not.</param>
/// <param name="Since">Since when, on the drill's clock.</param>
public sealed record ProbeLight(string Probe, bool Holds, string Why, TimeSpan Since);
