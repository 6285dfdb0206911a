using Pressure.LoadGen;

namespace Pressure.Web.Settings;

/// <summary>The hosts of a plan that may not be pressed, for pages that say so in the visitor's language.</summary>
internal static class RefusedHosts
{
    public static IReadOnlyList<string> Of(TargetGuard guard, LoadPlan plan) =>
        [.. plan.Requests.Select(r => r.Url).Prepend(plan.Target).Where(url => !guard.Allows(url)).Select(url => url.Host).Distinct(StringComparer.OrdinalIgnoreCase)];
}
