using Pressure.Chaos;
using Pressure.Faults;

namespace Pressure.Web.Chaos;

/// <summary>What there is to strike with and to look with.</summary>
/// <param name="Faults">Every kind of fault.</param>
/// <param name="Probes">Every kind of probe.</param>
internal sealed record ChaosCatalogue(IReadOnlyList<FaultDescription> Faults, IReadOnlyList<ProbeDescription> Probes);
