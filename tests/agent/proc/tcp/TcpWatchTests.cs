using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Pressure.Agent.Tests;

public sealed class TcpWatchTests : IDisposable
{
    private readonly HostTree _host = new();
    private readonly FakeTime _time = new();
    private int[]? _counts = new int[SocketDiagnosis.States];
    private TimeSpan _cost;
    private int _counted;

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Rates_and_states_are_the_kernels()
    {
        var watch = Watch();
        Write(segments: 100, retransmits: 5, drops: 1, established: 10, timeWait: 3);
        Assert.Null(watch.Figures(default));
        Write(segments: 300, retransmits: 9, drops: 3, established: 12, timeWait: 40);
        _counts![SocketDiagnosis.CloseWait] = 2;
        _counts[SocketDiagnosis.SynReceived] = 1;
        _counts[12] = 4; // on its way to be accepted

        var figures = watch.Figures(TimeSpan.FromSeconds(2))!;

        Assert.Equal((100, 2, 1), (figures.SegmentsOut, figures.Retransmits, figures.ListenDrops));
        Assert.Equal(
            new Dictionary<string, int> { ["established"] = 10, ["timeWait"] = 40, ["closeWait"] = 2, ["synReceived"] = 5 },
            figures.States);
    }

    [Fact]
    public void Where_counting_is_dear_it_is_done_more_rarely()
    {
        _cost = TimeSpan.FromMilliseconds(4); // 500 times that is two seconds
        var watch = Watch();
        Write(1, 1, 1, 1, 1);

        for (var second = 0; second < 9; second++)
        {
            watch.Figures(TimeSpan.FromSeconds(1));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(4, _counted);
    }

    [Fact]
    public void Where_the_kernel_does_not_count_there_are_its_own_counters()
    {
        _counts = null;
        var watch = Watch();
        Write(1, 1, 1, established: 7, timeWait: 0);
        watch.Figures(default);

        Assert.Equal(new Dictionary<string, int> { ["established"] = 7 }, watch.Figures(TimeSpan.FromSeconds(1))!.States);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Tcp: A OutSegs\n")]
    [InlineData("Tcp: A OutSegs\nTcp: 1\n")]
    [InlineData("Udp: OutSegs\nUdp: 5\n")]
    public void Without_a_whole_table_there_are_no_figures(string table)
    {
        var watch = Watch();
        _host.Write("proc/net/snmp", table);
        watch.Figures(default);

        Assert.Null(watch.Figures(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void The_kernel_counts_a_listener_and_a_connection_that_only_waits_to_be_closed()
    {
        var before = SocketDiagnosis.Count()!;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        client.Connect((IPEndPoint)listener.LocalEndpoint);
        using var server = listener.AcceptTcpClient();
        server.Client.Shutdown(SocketShutdown.Send);
        // Others' sockets come and go: it is enough that ours are among them.
        Assert.True(SpinWait.SpinUntil(() => SocketDiagnosis.Count() is { } now && now[SocketDiagnosis.CloseWait] >= 1 && now[10] >= 1, TimeSpan.FromSeconds(30)));
        Assert.Equal(SocketDiagnosis.States, before.Length);
    }

    [Fact]
    public void Answers_of_the_kernel_that_make_no_sense_are_an_end()
    {
        var counts = new int[SocketDiagnosis.States];
        Assert.False(SocketDiagnosis.Count(Message(type: 2, length: 36), counts));
        Assert.False(SocketDiagnosis.Count(Message(type: 20, length: 5), counts));
        Assert.False(SocketDiagnosis.Count(Message(type: 20, length: 500), counts));
        Assert.True(SocketDiagnosis.Count([.. Message(type: 20, length: 88, state: 10), .. Message(type: 20, length: 88, state: 200), .. Message(type: 3, length: 20)], counts));
        Assert.Null(SocketDiagnosis.Count([], counts));
        Assert.Equal((1, 1), (counts[10], counts.Sum()));

        static byte[] Message(ushort type, int length, byte state = 0)
        {
            var message = new byte[Math.Clamp(length, 16, 88)];
            BinaryPrimitives.WriteInt32LittleEndian(message, length);
            BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(4), type);
            if (message.Length > 17)
                message[17] = state;
            return message;
        }
    }

    private TcpWatch Watch() => new(new KernelFiles(), _host.Roots.Proc + "/net", _time, () =>
    {
        _counted++;
        _time.Advance(_cost);
        return _counts;
    });

    private void Write(long segments, long retransmits, long drops, int established, int timeWait)
    {
        _host.Write("proc/net/snmp", $"Ip: Forwarding\nIp: 1\nTcp: RtoMin CurrEstab InSegs OutSegs RetransSegs\nTcp: 200 {established} 9 {segments} {retransmits}\n");
        _host.Write("proc/net/netstat", $"TcpExt: SyncookiesSent ListenDrops\nTcpExt: 0 {drops}\nIpExt: X\nIpExt: 1\n");
        _host.Write("proc/net/sockstat", $"sockets: used 9\nTCP: inuse 5 orphan 0 tw {timeWait} alloc 7 mem 1\n");
    }
}
