using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>A container's end of a network, as it was: what it takes to connect it again.</summary>
/// <param name="Network">The network's name.</param>
/// <param name="NetworkId">Its id: a network made anew is another one.</param>
/// <param name="Address">The IPv4 address that it had; empty if none.</param>
/// <param name="Settings">What the engine told of it.</param>
internal sealed record NetworkEndpoint(string Network, string NetworkId, string Address, JsonObject Settings)
{
    private const string Listed = "Aliases";
    private static readonly string[] Asked = ["IPAMConfig", "Links", Listed, "DriverOpts"];

    /// <summary>All of a container that was inspected.</summary>
    public static IReadOnlyList<NetworkEndpoint> Of(JsonObject inspected) =>
        [.. inspected.Object("NetworkSettings", "Networks").Select(n => Of(n.Key, n.Value.Object()))];

    /// <summary>As it stands in a fault's intent.</summary>
    public JsonObject ToJson() => new() { ["network"] = Network, ["settings"] = Settings.DeepClone() };

    /// <summary>Reads it from there.</summary>
    public static NetworkEndpoint FromJson(JsonNode? json) =>
        Of(json.Text("network"), json.Object("settings"));

    /// <summary>What the engine wants in order to connect a container so.</summary>
    /// <param name="container">The container's id.</param>
    /// <param name="withAddress">Asks for the very address even if it was given by the engine.</param>
    /// <param name="alias">Which aliases it gets; null for all.</param>
    public JsonObject ToConnect(string container, bool withAddress, Func<string, bool>? alias = null) =>
        new() { ["Container"] = container, ["EndpointConfig"] = ToEndpoint(withAddress, alias) };

    /// <inheritdoc cref="ToConnect"/>
    public JsonObject ToEndpoint(bool withAddress, Func<string, bool>? alias = null)
    {
        var endpoint = new JsonObject();
        foreach (var name in Asked)
            endpoint[name] = Settings[name]?.DeepClone();
        if (alias is not null && Settings.List(Listed).Count > 0)
            endpoint[Listed] = new JsonArray([.. Aliases.Where(alias).Select(a => (JsonNode)a)]);
        if (withAddress && Settings["IPAMConfig"] is null)
            endpoint["IPAMConfig"] = new JsonObject { ["IPv4Address"] = Address };
        return endpoint;
    }

    /// <summary>Whether a container is connected so: to the very network, with its aliases and with the addresses that were asked for.</summary>
    public bool IsIn(JsonObject inspected) =>
        Of(inspected).FirstOrDefault(e => e.NetworkId == NetworkId) is { } now
        && Aliases.All(now.Aliases.Contains)
        && (Settings.Text("IPAMConfig", "IPv4Address") is var wanted && (wanted.Length == 0 || now.Settings.Text("IPAMConfig", "IPv4Address") == wanted));

    private IReadOnlyList<string> Aliases => [.. Settings.List(Listed).Select(a => a.Text())];

    private static NetworkEndpoint Of(string network, JsonObject settings) => new(network, settings.Text("NetworkID"), settings.Text("IPAddress"), settings);
}
