using Pressure.Faults;

namespace Pressure.Web.Chaos;

/// <summary>Experiments to start from. What each is called stands in the table of texts: <c>chaos.template.KEY</c>.</summary>
internal static class ExperimentTemplates
{
    private const string Health = "http://127.0.0.1:5080/health";

    private static readonly IReadOnlyDictionary<string, UsualCase> Cases = new Dictionary<string, UsualCase>
    {
        ["kill-one"] = new() { Title = "One of the item services is killed", Target = "app=items", Url = Health },
        ["room-loses-power"] = new() { Title = "A room loses power", Target = "room=a", Mode = "all", Url = Health, Duration = "1m" },
        ["pause-half"] = new() { Title = "Half of the order services hang", Fault = "container-pause", Target = "app=orders", Mode = "50%", Url = Health },
        ["lossy-network"] = new() { Title = "The network loses packets", Fault = "network-loss", Target = "app=items", Url = Health, Duration = "1m" },
        ["freeze-process"] = new() { Title = "A process stands still", Fault = "process-freeze", Target = "items", Url = Health, Duration = "10s" },
    };

    public static IEnumerable<string> Keys => Cases.Keys;

    /// <summary>A template's text; null if there is none of this key.</summary>
    public static string? Find(string? key, IReadOnlyList<FaultDescription> kinds) => key is not null && Cases.TryGetValue(key, out var found) ? found.ToYaml(kinds) : null;
}
