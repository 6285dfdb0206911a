using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>All that it takes to make a container again as it was, or the reason why that can't be done.</summary>
/// <remarks>
/// What stays another: its id and what the engine derives from that (a host name nobody chose, the alias on each network), its addresses where the engine
/// gives them as it likes, its log and its number of restarts.
/// </remarks>
internal static class ContainerRecipe
{
    private const int ShortId = 12;

    /// <summary>Why a container could not be made again as it is; null if it can.</summary>
    /// <param name="inspected">The container.</param>
    /// <param name="others">All other containers.</param>
    public static Preparation.Refused? Refusal(JsonObject inspected, IEnumerable<JsonObject> others)
    {
        var (id, name) = (inspected.Text("Id"), inspected.Text("Name").TrimStart('/'));
        var host = inspected.Object("HostConfig");
        if (Anonymous(inspected) is { } mount)
            return new($"Container {name} keeps data in a volume without a name (at {mount}), which a new one would not get.", "Give the volume a name.");
        if (host.List("VolumesFrom").Count > 0)
            return new($"Container {name} takes its volumes from another container.", "Name the volumes themselves.");
        if (host.List("Links").Count > 0)
            return new($"Container {name} has links to other containers, which can't be made again as they were.", "Connect them by a network instead.");
        if (Drawn(host) is { } port)
            return new($"Port {port} of container {name} is published on a port of the host that the engine chose; a new one would get another.", "Publish it on a port of your choice.");
        if (others.FirstOrDefault(o => LeansOn(o, id, name)) is { } leaning)
            return new($"Container {leaning.Text("Name").TrimStart('/')} lives in namespaces or volumes of container {name}, and would lose them.", "Choose another fault, or strike that one.");
        return null;
    }

    /// <summary>What the container has written outside of volumes, and would lose; paths.</summary>
    /// <param name="inspected">The container.</param>
    /// <param name="changes">What the engine says has changed in its file system.</param>
    public static IReadOnlyList<string> Lost(JsonObject inspected, JsonArray? changes)
    {
        var mounts = inspected.List("Mounts").Select(m => m.Text("Destination")).ToList();
        var all = (changes ?? []).Select(c => (Path: c.Text("Path"), Kind: c.Number("Kind"))).ToList();
        // Places for mounts are made by the engine; a folder counts as changed when something in it has.
        return [.. all
            .Where(c => !mounts.Any(m => c.Path == m || m.StartsWith(c.Path + "/", StringComparison.Ordinal)))
            .Where(c => c.Kind != 0 || !all.Any(o => o.Path.StartsWith(c.Path + "/", StringComparison.Ordinal)))
            .Select(c => c.Path)];
    }

    /// <summary>What is kept of it.</summary>
    public static JsonObject Prior(JsonObject inspected) => new()
    {
        ["imageId"] = inspected.Text("Image"),
        ["config"] = inspected["Config"]!.DeepClone(),
        ["hostConfig"] = inspected["HostConfig"]!.DeepClone(),
        ["networks"] = new JsonArray([.. NetworkEndpoint.Of(inspected).Select(e => e.ToJson())]),
    };

    /// <summary>What the engine wants in order to create it, on the first of its networks; the engine takes no more at once.</summary>
    /// <param name="prior">What was kept of it.</param>
    /// <param name="id">Its old id.</param>
    /// <param name="image">The image, if not by the name that it had.</param>
    /// <param name="withAddress">Asks for its very address.</param>
    public static JsonObject Create(JsonObject prior, string id, string? image, bool withAddress)
    {
        var body = (JsonObject)prior["config"]!.DeepClone();
        if (body.Text("Hostname") == id[..ShortId])
            body.Remove("Hostname");
        if (image is not null)
            body["Image"] = image;
        body["HostConfig"] = prior["hostConfig"]!.DeepClone();
        if (First(prior) is { } first)
            body["NetworkingConfig"] = new JsonObject { ["EndpointsConfig"] = new JsonObject { [first.Network] = first.ToEndpoint(withAddress, Chosen(id)) } };
        return body;
    }

    /// <summary>The network that it is created on.</summary>
    public static NetworkEndpoint? First(JsonObject prior)
    {
        var mode = prior.Text("hostConfig", "NetworkMode");
        var all = Networks(prior);
        return all.FirstOrDefault(e => e.Network == mode || e.NetworkId == mode || (mode is "default" or "" && e.Network == "bridge")) ?? all.FirstOrDefault();
    }

    /// <summary>The networks that it is connected to after that.</summary>
    public static IEnumerable<NetworkEndpoint> Rest(JsonObject prior) => Networks(prior).Where(e => e.NetworkId != First(prior)?.NetworkId);

    /// <summary>The aliases that somebody chose: not the one of the old id.</summary>
    public static Func<string, bool> Chosen(string id) => alias => alias != id[..ShortId];

    private static List<NetworkEndpoint> Networks(JsonObject prior) => [.. prior.List("networks").Select(NetworkEndpoint.FromJson)];

    private static string? Anonymous(JsonObject inspected)
    {
        var binds = inspected.List("HostConfig", "Binds").Select(b => b.Text().Split(':')[0]);
        var mounts = inspected.List("HostConfig", "Mounts").Select(m => m.Text("Source"));
        var named = binds.Concat(mounts).ToHashSet();
        return inspected.List("Mounts").Where(m => m.Text("Type") == "volume" && !named.Contains(m.Text("Name"))).Select(m => m.Text("Destination")).FirstOrDefault();
    }

    private static string? Drawn(JsonObject host) =>
        host.Flag("PublishAllPorts") ? "(all)"
            : host.Object("PortBindings").FirstOrDefault(p => p.Value.List().Any(b => b.Text("HostPort") is "" or "0")).Key;

    private static bool LeansOn(JsonObject other, string id, string name)
    {
        var host = other.Object("HostConfig");
        string[] modes = [host.Text("NetworkMode"), host.Text("PidMode"), host.Text("IpcMode")];
        return other.Text("Id") != id
            && (modes.Any(m => m == $"container:{id}" || m == $"container:{name}")
                || host.List("VolumesFrom").Any(v => v.Text().Split(':')[0] is var from && (from == name || id.StartsWith(from, StringComparison.Ordinal))));
    }

}
