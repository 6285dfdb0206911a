using System.Text.Json.Serialization;
using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>The kinds of faults and probes that an experiment may name, for checks and for catalogues.</summary>
/// <param name="Faults">Every kind of fault.</param>
/// <param name="Probes">Every kind of probe.</param>
public sealed record ExperimentKinds(IReadOnlyList<FaultDescription> Faults, IReadOnlyList<ProbeDescription> Probes)
{
    /// <summary>All that this program carries. Descriptions need nothing of the system, so what they are made with does not matter.</summary>
    public static ExperimentKinds Usual { get; } = new(
        [.. FaultCatalogue.All(new FaultTools(TimeProvider.System, FaultTools.UsualSocket, StateFolder.Usual)).Select(f => f.Description)],
        ProbeFactory.Every)
    {
        Makes = new ProbeFactory(TimeProvider.System, FaultTools.UsualSocket),
    };

    /// <summary>Makes the probes, which tells what is wrong with their arguments; null looks at their types only.</summary>
    [JsonIgnore]
    public IProbeFactory? Makes { get; init; }
}
