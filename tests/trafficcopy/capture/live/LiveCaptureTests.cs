using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;

namespace Pressure.TrafficCopy.Tests;

public sealed class LiveCaptureTests(LiveCaptureTests.Room room) : IClassFixture<LiveCaptureTests.Room>
{
    [Fact]
    public async Task It_sees_what_tcpdump_sees()
    {
        var seen = new Decoding();
        using var capture = Open(new LiveCaptureOptions { Interface = "any", Filter = new LiveFilter { Ports = [80, 8080], Hosts = ["127.0.0.0/8", "::1"] } });
        using var stop = new CancellationTokenSource();
        var running = Task.Run(() => capture.Run(seen.Sink, seen.Accounts, null, null, stop.Token));

        var file = room.Traffic.Capture([("live", "-i any tcp port 80")], () =>
        {
            room.Traffic.Do("curl", "-sS", "http://127.0.0.1/small", "http://127.0.0.1/big", "-o", "/dev/null", "-o", "/dev/null");
            room.Traffic.Do("curl", "-sS", "-g", "http://[::1]/big", "-o", "/dev/null");
        })[0];
        var dumped = new Decoding();
        CaptureFileReader.Read(file, dumped.Sink, dumped.Accounts);
        await UntilAsync(() => seen.Accounts.Packets >= dumped.Accounts.Packets);
        await stop.CancelAsync();
        var outcome = await running;

        Assert.Equal((LiveCaptureEnd.Stopped, seen.Accounts.Packets), (outcome.End, outcome.Packets));
        Assert.Equal(dumped.Accounts.Packets, seen.Accounts.Packets);
        // Two cores may bring packets to two captures in different order.
        Assert.Equal(dumped.Segments.Select(Line).Order(), seen.Segments.Select(Line).Order());
        Assert.True(seen.Segments.Count > 30);
        Assert.Contains(seen.Segments, s => s.At % 1_000 != 0);
        Assert.Equal(0, seen.Accounts[Happening.DroppedByCapture]);

        static string Line(KeptSegment s) => $"{s.Flow.From} {s.Flow.To} {s.Sequence} {s.Flags} {s.PayloadLength} {s.Payload.Length}";
    }

    [Fact]
    public async Task Requests_come_out_of_the_pipeline_while_it_captures()
    {
        var accounts = new CaptureAccounts();
        var kept = new KeptExchanges();
        var pipeline = new CapturePipeline(new ConversationOpener(kept, accounts), accounts);
        using var capture = Open(new LiveCaptureOptions { Interface = "any", Filter = new LiveFilter { Ports = [80] } });
        using var stop = new CancellationTokenSource();
        var running = Task.Run(() => pipeline.Capture(capture, stop.Token));
        room.Traffic.Do("curl", "-sS", "http://127.0.0.1/small", "http://127.0.0.1/big", "-o", "/dev/null", "-o", "/dev/null");
        TrafficRoom.Run("curl", "-sS", $"http://{room.Traffic.Network.There}/small?from=outside");
        // What still waits in the kernel is read all the same.
        await stop.CancelAsync();
        await running;
        pipeline.Flush();

        Assert.Equal(["/small 200 6", "/big 200 1048576", "/small?from=outside 200 6"], kept.Paths);
        Assert.True(accounts.IsBalanced);
        Assert.Equal(0, accounts[Happening.Gap]);
    }

    [Fact]
    public async Task Requests_alone_are_captured_from_one_side_alone()
    {
        var accounts = new CaptureAccounts();
        var kept = new KeptExchanges();
        var pipeline = new CapturePipeline(new ConversationOpener(kept, accounts), accounts);
        using var capture = Open(new LiveCaptureOptions { Interface = "lo", Filter = new LiveFilter { Ports = [80], RequestsOnly = true } });
        using var stop = new CancellationTokenSource();
        var running = Task.Run(() => pipeline.Capture(capture, stop.Token));
        room.Traffic.Do("curl", "-sS", "http://127.0.0.1/small", "http://127.0.0.1/small?2", "-o", "/dev/null", "-o", "/dev/null");
        await stop.CancelAsync();
        await running;
        pipeline.Flush();

        Assert.Equal(["/small", "/small?2"], kept.Paths.Select(p => p.Split(' ')[0]));
        Assert.Equal(2, accounts[Happening.Unanswered]);
        Assert.True(accounts.IsBalanced);
    }

    [Fact]
    public void It_ends_when_it_has_enough()
    {
        using var packets = Open(new LiveCaptureOptions { Interface = "lo", MaxPackets = 7 });
        using var bytes = Open(new LiveCaptureOptions { Interface = "lo", MaxBytes = 20_000 });
        room.Traffic.Do("curl", "-sS", "http://127.0.0.1/big", "-o", "/dev/null");

        var (ofPackets, ofBytes) = (Run(packets), Run(bytes));

        Assert.Equal((LiveCaptureEnd.Packets, 7L), (ofPackets.End, ofPackets.Packets));
        Assert.Equal(LiveCaptureEnd.Bytes, ofBytes.End);
        Assert.InRange(ofBytes.Bytes, 20_000, 300_000);
    }

    [Fact]
    public void On_an_idle_link_it_tells_the_time_and_ends_in_time()
    {
        using var capture = Open(new LiveCaptureOptions { Interface = "lo", MaxTime = TimeSpan.FromMilliseconds(300), Filter = new LiveFilter { Ports = [1] } });
        List<long> ticks = [];

        var outcome = capture.Run(new Decoding().Sink, new CaptureAccounts(), null, ticks.Add, TestContext.Current.CancellationToken);

        Assert.Equal(new LiveCaptureOutcome(LiveCaptureEnd.Time, 0, 0, null), outcome);
        Assert.NotEmpty(ticks);
        Assert.Equal(ticks.Order(), ticks);
    }

    [Fact]
    public void An_interface_that_goes_away_is_told()
    {
        room.Traffic.Do("ip", "link", "add", "gone", "type", "veth", "peer", "name", "gone2");
        room.Traffic.Do("ip", "link", "set", "gone", "up");
        using var capture = Open(new LiveCaptureOptions { Interface = "gone", MaxTime = TimeSpan.FromMinutes(1) });
        room.Traffic.Do("ip", "link", "del", "gone");

        var outcome = Run(capture);

        Assert.Equal(LiveCaptureEnd.Broken, outcome.End);
        Assert.Contains("Capturing on gone broke off", outcome.Problem!.What);
    }

    [Fact]
    public void What_the_buffer_has_no_room_for_is_counted()
    {
        using var capture = Open(new LiveCaptureOptions { Interface = "lo", BufferBytes = 1 << 19, MaxTime = TimeSpan.FromMilliseconds(500) });
        for (var i = 0; i < 5; i++)
            room.Traffic.Do("curl", "-sS", "http://127.0.0.1/big", "-o", "/dev/null");
        var accounts = new CaptureAccounts();

        capture.Run(new Decoding().Sink, accounts, null, null, TestContext.Current.CancellationToken);

        Assert.True(accounts[Happening.DroppedByCapture] > 0);
    }

    [Fact]
    public async Task A_thread_that_would_take_too_much_rests_and_lets_go_of_connections()
    {
        using var capture = Open(new LiveCaptureOptions { Interface = "lo", CpuShare = 0.000_1 });
        using var stop = new CancellationTokenSource();
        var accounts = new CaptureAccounts();
        var shedding = new ConnectionShedding(new SegmentList(accounts), accounts);
        var running = Task.Run(() => capture.Run(new PacketDecoder(shedding, accounts), accounts, shedding, null, stop.Token));
        for (var i = 0; i < 200 && shedding.Halvings == 0; i++)
            room.Traffic.Do("curl", "-sS", "http://127.0.0.1/big", "-o", "/dev/null");
        await stop.CancelAsync();
        await running;

        Assert.True(accounts[Happening.Rest] >= 3);
        Assert.True(shedding.Halvings > 0);
    }

    [Fact]
    public void What_cannot_be_opened_is_told_with_what_to_do()
    {
        Assert.Contains("There are: ", Refused(new LiveCaptureOptions { Interface = "nowhere" }).Remedy);
        Assert.Contains("lo", Refused(new LiveCaptureOptions { Interface = "nowhere" }).Remedy);
        Assert.Contains("man pcap-filter", Refused(new LiveCaptureOptions { Interface = "lo", Filter = new LiveFilter { Expression = "tcp prot 80" } }).Remedy);
        Assert.Contains("99999 is no port", Refused(new LiveCaptureOptions { Interface = "lo", Filter = new LiveFilter { Ports = [99_999] } }).What);
        Assert.Contains("'shop.example' is no IP address", Refused(new LiveCaptureOptions { Interface = "lo", Filter = new LiveFilter { Hosts = ["shop.example"] } }).What);
    }

    [Fact]
    public void Without_the_library_it_says_what_to_install()
    {
        var opening = LiveCapture.Open(new LiveCaptureOptions { Interface = "lo" }, TimeProvider.System, ["libnosuchthing.so.1"]);

        Assert.Contains("libpcap0.8", Assert.IsType<LiveOpening.Refused>(opening).Problem.Remedy);
    }

    [Fact]
    public void Without_the_right_it_says_what_to_give()
    {
        LiveCaptureProblem? problem = null;
        var thread = new Thread(() =>
        {
            // Of this thread alone, which ends with it.
            BecomeNobody();
            problem = Refused(new LiveCaptureOptions { Interface = "lo" });
        });
        thread.Start();
        thread.Join();

        Assert.Contains("You may not capture on lo", problem!.What);
        Assert.Contains("cap_net_raw", problem.Remedy);
    }

    [Theory]
    [InlineData(LinkType.LinuxSll, "", "", "", "tcp", false)]
    [InlineData(LinkType.LinuxSll, "80", "", "", "tcp and (port 80 or (ip[6:2] & 0x1fff != 0))", false)]
    [InlineData(LinkType.LinuxSll, "80,443", "10.0.0.1,fd00::/8", "not port 22", "tcp and (host 10.0.0.1 or net fd00::/8) and (port 80 or port 443 or (ip[6:2] & 0x1fff != 0)) and (not port 22)", false)]
    [InlineData(LinkType.Ethernet, "", "10.0.0.1", "", "(tcp and (host 10.0.0.1)) or (vlan and tcp and (host 10.0.0.1))", false)]
    [InlineData(LinkType.LinuxSll, "80", "10.0.0.1,10.1.0.0/16", "", "tcp and (dst host 10.0.0.1 or dst net 10.1.0.0/16) and (dst port 80 or (ip[6:2] & 0x1fff != 0))", true)]
    public void The_filter_is_one_for_tcpdump(LinkType link, string ports, string hosts, string expression, string text, bool requestsOnly)
    {
        var filter = new LiveFilter { Ports = [.. ports.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)], Hosts = hosts.Split(',', StringSplitOptions.RemoveEmptyEntries), Expression = expression, RequestsOnly = requestsOnly };

        Assert.Equal(text, filter.Text(link));
        Assert.NotEmpty(TrafficRoom.Run("tcpdump", "-d", "-y", link == LinkType.Ethernet ? "EN10MB" : "LINUX_SLL", text));
    }

    private static LiveCaptureProblem Refused(LiveCaptureOptions options) => Assert.IsType<LiveOpening.Refused>(LiveCapture.Open(options, TimeProvider.System)).Problem;

    private static LiveCaptureOutcome Run(LiveCapture capture) => capture.Run(new Decoding().Sink, new CaptureAccounts(), null, null, TestContext.Current.CancellationToken);

    private static async Task UntilAsync(Func<bool> so)
    {
        for (var attempt = 0; attempt < 200 && !so(); attempt++)
            await Task.Delay(50);
    }

    [DllImport("libc", EntryPoint = "syscall")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint SystemCall(nint number, nint real, nint effective, nint saved);

    private static void BecomeNobody()
    {
        // The library's own call would change all threads.
        const int nobody = 65_534;
        var setresuid = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 117 : 147;
        Assert.Equal(0, SystemCall(setresuid, -1, nobody, -1));
    }

    private LiveCapture Open(LiveCaptureOptions options) =>
        room.Traffic.Network.Within(() => Assert.IsType<LiveOpening.Opened>(LiveCapture.Open(options, TimeProvider.System)).Capture);

    private sealed class KeptExchanges : IExchangeSink
    {
        public ConcurrentQueue<string> Paths { get; } = new();

        public void Take(CapturedExchange exchange) =>
            Paths.Enqueue($"{Encoding.ASCII.GetString(exchange.Request.Head.Span).Split(' ')[1]} {(exchange.HasResponse ? Encoding.ASCII.GetString(exchange.Response.Head.Span[9..12]) : "")} {exchange.Response.BodyLength}");

        public void EndConnection(long connection, long at)
        {
        }
    }

    public sealed class Room : IDisposable
    {
        public TrafficRoom Traffic { get; } = new();

        public void Dispose() => Traffic.Dispose();
    }
}
