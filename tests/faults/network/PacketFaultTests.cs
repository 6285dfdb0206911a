using System.Net;
using System.Net.Sockets;

namespace Pressure.Faults.Tests;

public sealed class PacketFaultTests : IDisposable
{
    private readonly NetworkRig _rig = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData("out")]
    [InlineData("in")]
    public async Task Loss_loses_the_share_that_was_asked_and_only_in_its_direction(string direction)
    {
        using var inside = _rig.UdpInside();
        using var outside = NetworkRig.Udp();
        var fault = new NetworkLoss(_rig.Tools);

        var intent = await _rig.ApplyAsync(fault, ("percent", "30%"), ("direction", direction));
        var leaving = NetworkRig.Datagrams(inside, outside, _rig.Outside, 2000);
        var coming = NetworkRig.Datagrams(outside, inside, _rig.Inside, 2000);
        await fault.UndoAsync(intent, Stop);

        var (struck, spared) = direction == "out" ? (leaving, coming) : (coming, leaving);
        // Six standard deviations of 2000 throws.
        Assert.InRange(struck, 1400 - 123, 1400 + 123);
        Assert.Equal(2000, spared);
        Assert.Equal(2000, NetworkRig.Datagrams(inside, outside, _rig.Outside, 2000));
    }

    [Fact]
    public async Task A_partition_lets_nothing_through_until_it_is_undone()
    {
        using var inside = _rig.UdpInside();
        using var outside = NetworkRig.Udp();
        var fault = new NetworkPartition(_rig.Tools);

        var intent = await _rig.ApplyAsync(fault);

        Assert.Equal(0, NetworkRig.Datagrams(inside, outside, _rig.Outside, 20));
        Assert.Equal(0, NetworkRig.Datagrams(outside, inside, _rig.Inside, 20));
        Assert.IsType<UndoOutcome.Undone>(await fault.UndoAsync(intent, Stop));
        Assert.Equal(20, NetworkRig.Datagrams(inside, outside, _rig.Outside, 20));
    }

    [Fact]
    public async Task A_partition_leaves_neighbours_inside_to_talk()
    {
        using var inside = _rig.UdpInside();
        using var neighbour = _rig.UdpInside();

        await _rig.ApplyAsync(new NetworkPartition(_rig.Tools));

        Assert.Equal(20, NetworkRig.Datagrams(inside, neighbour, IPAddress.Loopback, 20));
    }

    [Fact]
    public async Task A_partition_from_one_address_spares_others()
    {
        using var inside = _rig.UdpInside();
        using var outside = NetworkRig.Udp();

        await _rig.ApplyAsync(new NetworkPartition(_rig.Tools), ("to", "192.0.2.1, 198.51.100.0/24"));

        Assert.Equal(20, NetworkRig.Datagrams(inside, outside, _rig.Outside, 20));
    }

    [Fact]
    public async Task A_partition_of_one_port_spares_others()
    {
        using var inside = _rig.UdpInside();
        using var outside = NetworkRig.Udp();
        using var other = NetworkRig.Udp();

        await _rig.ApplyAsync(new NetworkPartition(_rig.Tools), ("port", $"{((IPEndPoint)other.LocalEndPoint!).Port}"), ("to", $"{_rig.Outside}"));

        Assert.Equal(0, NetworkRig.Datagrams(inside, other, _rig.Outside, 20));
        Assert.Equal(20, NetworkRig.Datagrams(inside, outside, _rig.Outside, 20));
    }

    [Fact]
    public async Task A_partition_cuts_ipv6_as_well()
    {
        _rig.Network.Do("ip", "-6", "addr", "add", "fd00:9::1/64", "dev", "lo");
        using var outside = _rig.UdpInside(AddressFamily.InterNetworkV6);
        using var inside = _rig.UdpInside(AddressFamily.InterNetworkV6);
        var before = NetworkRig.Datagrams(inside, outside, IPAddress.Parse("fd00:9::1"), 20);

        await _rig.ApplyAsync(new NetworkPartition(_rig.Tools), ("to", "fd00:9::/64"));

        Assert.Equal((20, 0), (before, NetworkRig.Datagrams(inside, outside, IPAddress.Parse("fd00:9::1"), 20)));
    }

    [Fact]
    public async Task A_reset_breaks_open_connections_at_both_ends_and_refuses_new_ones()
    {
        using var listener = _rig.ListenInside();
        var address = new IPEndPoint(_rig.Inside, ((IPEndPoint)listener.LocalEndPoint!).Port);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(address, Stop);
        using var server = await listener.AcceptAsync(Stop);
        var fault = new NetworkReset(_rig.Tools);

        var intent = await _rig.ApplyAsync(fault);
        await client.SendAsync(new byte[10], Stop);
        var atClient = await Xunit.Record.ExceptionAsync(async () => await client.ReceiveAsync(new byte[10], Stop));
        var atServer = await Xunit.Record.ExceptionAsync(async () => { await server.SendAsync(new byte[10], Stop); await server.ReceiveAsync(new byte[10], Stop); });
        using var another = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var refused = await Xunit.Record.ExceptionAsync(async () => await another.ConnectAsync(address, Stop));
        await fault.UndoAsync(intent, Stop);
        using var later = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await later.ConnectAsync(address, Stop);

        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(atClient).SocketErrorCode);
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(atServer).SocketErrorCode);
        Assert.Equal(SocketError.ConnectionRefused, Assert.IsType<SocketException>(refused).SocketErrorCode);
    }

    [Theory]
    [InlineData("127.0.0.11")]
    [InlineData("outside")]
    public async Task Names_are_refused_at_once(string server)
    {
        using var asking = Asking(server);

        await _rig.ApplyAsync(new DnsFailure(_rig.Tools));

        Assert.IsType<SocketException>(Xunit.Record.Exception(() => asking.Send(new byte[20])));
        Assert.Equal(SocketError.ConnectionRefused, Assert.Throws<SocketException>(() => asking.Receive(new byte[20])).SocketErrorCode);
    }

    [Fact]
    public async Task Names_are_asked_for_in_vain_and_nobody_is_told()
    {
        using var asking = Asking("outside");

        await _rig.ApplyAsync(new DnsFailure(_rig.Tools), ("mode", "drop"));
        asking.Send(new byte[20]);
        asking.ReceiveTimeout = 300;

        Assert.Equal(SocketError.TimedOut, Assert.Throws<SocketException>(() => asking.Receive(new byte[20])).SocketErrorCode);
    }

    [Fact]
    public async Task Without_names_addresses_still_answer()
    {
        await _rig.ApplyAsync(new DnsFailure(_rig.Tools));
        using var other = _rig.UdpInside();
        using var outside = NetworkRig.Udp();
        Assert.Equal(20, NetworkRig.Datagrams(other, outside, _rig.Outside, 20));
    }

    private Socket Asking(string server)
    {
        var socket = _rig.Network.Within(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        socket.Connect(server == "outside" ? _rig.Outside : IPAddress.Parse(server), 53);
        return socket;
    }
}
