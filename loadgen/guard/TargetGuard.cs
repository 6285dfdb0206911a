namespace Pressure.LoadGen;

/// <summary>Which hosts may be pressed: loopback always, any other only when it stands in the allow-list.</summary>
/// <param name="allow">Host names or addresses (exact, case-insensitive), optionally with a port.</param>
public sealed class TargetGuard(IEnumerable<string> allow)
{
    private readonly IReadOnlyList<string> _allow = [.. allow];

    /// <summary>All hosts of the plan that are not allowed, each as a sentence with its remedy; empty when the plan may run.</summary>
    public IReadOnlyList<string> Refusals(LoadPlan plan) => throw new NotImplementedException(_allow.Count.ToString());
}
