namespace Pressure.Faults;

/// <summary>Names of faults that strike several kinds of things: plain for containers, else with the thing in front.</summary>
internal static class TargetNames
{
    /// <summary>A kind of fault: <c>cpu-burn</c>, <c>process-cpu-burn</c>, <c>host-cpu-burn</c>.</summary>
    public static string Kind(string fault, TargetKind target) => target switch
    {
        TargetKind.Process => $"process-{fault}",
        TargetKind.Host => $"host-{fault}",
        _ => fault,
    };

    /// <summary>Where it takes place, for people.</summary>
    public static string Inside(TargetKind target) => target switch
    {
        TargetKind.Process => "in the control group of a process",
        TargetKind.Host => "on the host",
        _ => "in a container",
    };
}
