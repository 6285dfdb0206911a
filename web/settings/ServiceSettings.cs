namespace Pressure.Web.Settings;

/// <summary>What can be set on the settings page; <c>settings.json</c> in the runs folder.</summary>
internal sealed record ServiceSettings
{
    /// <summary>Hosts that may be pressed besides loopback: names or addresses, optionally with a port.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];
}
