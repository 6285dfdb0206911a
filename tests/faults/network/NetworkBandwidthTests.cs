using System.Net;
using System.Net.Sockets;

namespace Pressure.Faults.Tests;

public sealed class NetworkBandwidthTests : IDisposable
{
    private readonly NetworkRig _rig = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData("out")]
    [InlineData("in")]
    [InlineData("both")]
    public async Task What_is_sent_takes_as_long_as_the_narrow_wire_needs_and_no_queue_is_left(string direction)
    {
        var (before, hostBefore) = (_rig.State(), Host());
        using var listener = direction == "out" ? NetworkRig.Listen() : _rig.ListenInside();
        var fault = new NetworkBandwidth(_rig.Tools);

        var intent = await _rig.ApplyAsync(fault, ("rate", "4mbit"), ("direction", direction));
        var seconds = await SendAsync(listener, direction == "out" ? _rig.Outside : _rig.Inside, 256 * 1024);
        var outcome = await fault.UndoAsync(intent, Stop);

        // Half a second at 4 Mbit/s; unlimited it is a millisecond.
        Assert.InRange(seconds, 0.4, 60);
        Assert.IsType<UndoOutcome.Undone>(outcome);
        Assert.Equal((before, hostBefore), (_rig.State(), Host()));
        Assert.IsType<UndoOutcome.NothingToUndo>(await fault.UndoAsync(intent, Stop));
    }

    [Fact]
    public async Task A_queue_of_somebody_else_is_neither_replaced_nor_taken_away()
    {
        var device = (await DevicesAsync())[0].Name;
        _rig.Network.Do("tc", "qdisc", "add", "dev", device, "root", "handle", "77:", "tbf", "rate", "9mbit", "burst", "16kb", "latency", "50ms");
        var fault = new NetworkBandwidth(_rig.Tools);

        var refused = Assert.IsType<Preparation.Refused>(await fault.PrepareAsync(NetworkRig.Order(fault, _rig.Target, TimeSpan.FromMinutes(1), ("rate", "1mbit")), Stop));

        Assert.Contains("tbf 77:", refused.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_queue_that_came_in_place_of_the_faults_stays()
    {
        var device = (await DevicesAsync())[0].Name;
        var fault = new NetworkBandwidth(_rig.Tools);
        var intent = await _rig.ApplyAsync(fault, ("rate", "1mbit"), ("direction", "out"));
        Assert.NotNull(await fault.ResidueAsync(intent, Stop));
        _rig.Network.Do("tc", "qdisc", "del", "dev", device, "root");
        _rig.Network.Do("tc", "qdisc", "add", "dev", device, "root", "handle", "8001:", "tbf", "rate", "9mbit", "burst", "16kb", "latency", "50ms");

        Assert.IsType<UndoOutcome.NothingToUndo>(await fault.UndoAsync(intent, Stop));
        Assert.Contains("8001:", _rig.State(), StringComparison.Ordinal);
        Assert.Null(await fault.ResidueAsync(intent, Stop));
    }

    private async Task<IReadOnlyList<NetworkDevice>> DevicesAsync()
    {
        using var place = NetworkPlace.OfProcess(((FaultTarget.Process)_rig.Target).Pid)!;
        var main = await NetworkDevices.MainAsync(place, Stop);
        return [main!];
    }

    /// <summary>The wire's end in the host's network.</summary>
    private string Host() => SystemProgram.DoAsync("tc", ["qdisc", "show", "dev", _rig.Network.Device], Stop).Result;

    private async Task<double> SendAsync(Socket listener, IPAddress address, int bytes)
    {
        using var client = address.Equals(_rig.Outside) ? _rig.Network.Within(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
            : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(new IPEndPoint(address, ((IPEndPoint)listener.LocalEndPoint!).Port), Stop);
        using var server = await listener.AcceptAsync(Stop);
        var began = TimeProvider.System.GetTimestamp();
        var sending = client.SendAsync(new byte[bytes], Stop);
        var buffer = new byte[65536];
        for (var received = 0; received < bytes;)
            received += await server.ReceiveAsync(buffer, Stop);
        await sending;
        return TimeProvider.System.GetElapsedTime(began).TotalSeconds;
    }
}
