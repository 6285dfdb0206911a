using System.Globalization;
using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>A network device and the queue that packets leave it by.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Index">Its number in its network.</param>
/// <param name="Peer">The number of the device at the other end of its wire; null if it has none.</param>
internal sealed record NetworkDevice(string Name, int Index, int? Peer);

/// <summary>The queue at the root of a device.</summary>
/// <param name="Kind">Its kind: <c>noqueue</c>, <c>fq_codel</c>, <c>tbf</c>.</param>
/// <param name="Handle">Its number: <c>0:</c> for the one that the kernel puts there by itself.</param>
internal sealed record RootQueue(string Kind, string Handle)
{
    /// <summary>Whether the kernel puts it there again when another one is taken away.</summary>
    public bool IsDefault => Handle == "0:";
}

/// <summary>Devices and queues of a network, by <c>ip</c> and <c>tc</c>.</summary>
internal static class NetworkDevices
{
    /// <summary>A queue's number that stands for a fault: of the half that the kernel hands out none from by itself.</summary>
    public static string QueueOf(string handle) =>
        Math.Max(1, int.Parse(handle.AsSpan(0, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 0x7fff).ToString("x", CultureInfo.InvariantCulture) + ":";

    /// <summary>All devices but loopback.</summary>
    public static async Task<IReadOnlyList<NetworkDevice>> ListAsync(NetworkPlace place, CancellationToken stop) =>
        [.. Objects(await place.DoAsync("ip", ["-json", "link", "show"], stop)).Where(l => !IsLoopback(l)).Select(Device)];

    /// <summary>The device by which packets to the world leave, else the only one there is; null if that is none or not clear.</summary>
    public static async Task<NetworkDevice?> MainAsync(NetworkPlace place, CancellationToken stop)
    {
        var devices = await ListAsync(place, stop);
        var way = Objects(await place.DoAsync("ip", ["-json", "route", "show", "default"], stop)).Select(r => r["dev"]?.GetValue<string>()).FirstOrDefault();
        if (way is not null)
            return devices.FirstOrDefault(d => d.Name == way);
        var wired = devices.Where(d => d.Peer is not null).ToList();
        return wired.Count == 1 ? wired[0] : devices.Count == 1 ? devices[0] : null;
    }

    /// <summary>The queue at a device's root; null if the device is gone.</summary>
    public static async Task<RootQueue?> RootAsync(NetworkPlace place, string device, CancellationToken stop)
    {
        var result = await place.RunAsync("tc", ["-json", "qdisc", "show", "dev", device], stop);
        if (result.Code != 0)
            return null;
        return Objects(result.Output).Where(q => q["root"] is not null).Select(q => new RootQueue(q["kind"]!.GetValue<string>(), q["handle"]!.GetValue<string>())).FirstOrDefault()
            ?? new RootQueue("noqueue", "0:");
    }

    /// <summary>Puts a queue at a device's root.</summary>
    /// <exception cref="FaultException">It did not work.</exception>
    public static Task SetRootAsync(NetworkPlace place, string device, string handle, IReadOnlyList<string> queue, CancellationToken stop) =>
        place.DoAsync("tc", ["qdisc", "add", "dev", device, "root", "handle", QueueOf(handle), .. queue], stop);

    /// <summary>Takes the fault's queue away, if it is there; whether it was. The kernel compares the number again.</summary>
    /// <exception cref="FaultException">It did not work.</exception>
    public static async Task<bool> ClearRootAsync(NetworkPlace place, string device, string handle, CancellationToken stop)
    {
        if (await RootAsync(place, device, stop) is not { } root || root.Handle != QueueOf(handle))
            return false;
        var result = await place.RunAsync("tc", ["qdisc", "del", "dev", device, "root", "handle", QueueOf(handle)], stop);
        // A device that went away in between took it along.
        if (result.Code != 0 && await RootAsync(place, device, stop) is { } left && left.Handle == QueueOf(handle))
            throw new FaultException($"tc could not take the queue off {device}: {result.Error}");
        return true;
    }

    private static bool IsLoopback(JsonObject link) => link["link_type"]?.GetValue<string>() == "loopback";

    private static NetworkDevice Device(JsonObject link) => new(link["ifname"]!.GetValue<string>(), link["ifindex"]!.GetValue<int>(), link["link_index"]?.GetValue<int>());

    private static IEnumerable<JsonObject> Objects(string json) => (JsonNode.Parse(json.Trim().Length == 0 ? "[]" : json) as JsonArray ?? []).OfType<JsonObject>();
}
