using System.Net.Sockets;
using System.Text;
using Pressure.TrafficCopy;

namespace Pressure.Mirror.Tests;

public class RecordTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Exchanges_with_production_are_recorded_in_order_of_their_connections()
    {
        var sink = new KeepingSink();
        await using var rig = await MirrorRig.StartAsync(record: sink);
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(rig.Mirror.Listening, Stop);
            await socket.GetStream().WriteAsync("POST /a?b=%20c HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 5\r\n\r\nhelloGET /b HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n"u8.ToArray(), Stop);
            await new StreamReader(socket.GetStream()).ReadToEndAsync(Stop);
        }
        await rig.SettledAsync();

        var (first, second) = (sink.Taken[0], sink.Taken[1]);

        Assert.Equal((2, 1L, 0, 1L, 1), (sink.Taken.Count, first.Connection, first.Order, second.Connection, second.Order));
        Assert.Equal("POST /a?b=%20c HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 5\r\n", Text(first.Request.Head));
        Assert.Equal(("hello", 5L, ExchangeMarks.None), (Text(first.Request.Body), first.Request.BodyLength, first.Marks));
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", Text(first.Response.Head), StringComparison.Ordinal);
        Assert.Contains("X-Server: production\r\n", Text(first.Response.Head), StringComparison.Ordinal);
        Assert.Equal("POST /a 5", Text(first.Response.Body));
        Assert.True(first.At <= first.RequestEnd && first.RequestEnd <= first.ResponseAt && first.ResponseAt <= first.ResponseEnd && first.ResponseEnd <= second.At);
        Assert.Equal(new Uri(rig.Production.Url).Port, first.Server.Port);
        Assert.Equal([1L], sink.Ended);
    }

    [Fact]
    public async Task All_methods_are_recorded_whichever_are_copied()
    {
        var sink = new KeepingSink();
        await using var rig = await MirrorRig.StartAsync(record: sink);
        foreach (var method in new[] { "GET", "POST", "DELETE" })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), "a");
            using var answer = await rig.Client.SendAsync(request, Stop);
        }
        await rig.SettledAsync();

        Assert.Equal((3L, 1L), (rig.Status.Record!.Recorded, rig.Status.Copies!.Copied));
    }

    [Fact]
    public async Task A_mirror_can_record_without_copying()
    {
        var sink = new KeepingSink();
        await using var rig = await MirrorRig.StartAsync(plan => plan with { Copy = null }, sink);
        await rig.Client.GetStringAsync("a", Stop);
        await rig.SettledAsync();

        Assert.Equal((1, 0, true), (sink.Taken.Count, rig.Target.Count, rig.Status.Copies is null));
    }

    [Fact]
    public async Task Bodies_are_cut_to_the_limit_and_said_to_be()
    {
        var sink = new KeepingSink();
        await using var rig = await MirrorRig.StartAsync(plan => plan with { Limits = new CopyLimits { MaxBody = 1000 } }, sink);
        using var content = new ByteArrayContent(Server.Pattern(5000));
        using var answer = await rig.Client.PostAsync("big", content, Stop);
        Assert.Equal(Server.BigBytes, (await answer.Content.ReadAsByteArrayAsync(Stop)).Length);
        await rig.SettledAsync();

        var taken = sink.Taken.Single();

        Assert.Equal((1000, 5000L, 1000, (long)Server.BigBytes), (taken.Request.Body.Length, taken.Request.BodyLength, taken.Response.Body.Length, taken.Response.BodyLength));
        Assert.Equal(ExchangeMarks.RequestCut | ExchangeMarks.ResponseCut, taken.Marks);
        Assert.Equal(Server.Pattern(1000), taken.Response.Body.ToArray());
    }

    [Fact]
    public async Task What_production_did_not_answer_is_recorded_without_an_answer()
    {
        var sink = new KeepingSink();
        await using var rig = await MirrorRig.StartAsync(record: sink);
        await rig.Production.DisposeAsync();
        using var answer = await rig.Client.GetAsync("a", Stop);
        await rig.SettledAsync();

        Assert.False(sink.Taken.Single().HasResponse);
    }

    [Fact]
    public async Task A_slow_capture_drops_and_production_does_not_wait()
    {
        var sink = new KeepingSink { Hold = new ManualResetEventSlim() };
        await using var rig = await MirrorRig.StartAsync(plan => plan with { Copy = null, Limits = new CopyLimits { QueueBytes = 200_000, MaxBody = 100_000 } }, sink);
        for (var i = 0; i < 100; i++)
        {
            using var answer = await rig.Client.PostAsync("a", new ByteArrayContent(new byte[10_000]), Stop);
        }
        sink.Hold.Set();
        await rig.SettledAsync();

        var record = rig.Status.Record!;
        Assert.InRange(record.Recorded, 5, 20);
        Assert.Equal(100, record.Recorded + record.Dropped["no-room"]);
        Assert.Equal(record.Recorded, sink.Taken.Count);
    }

    [Fact]
    public async Task A_capture_that_fails_ends_and_production_goes_on()
    {
        var sink = new KeepingSink { FailsAfter = 3 };
        await using var rig = await MirrorRig.StartAsync(record: sink);
        for (var i = 0; i < 10; i++)
        {
            await rig.Client.GetStringAsync("a", Stop);
            await rig.SettledAsync();
        }

        Assert.Equal((3L, 1L, "disk full"), (rig.Status.Record!.Recorded, rig.Status.Record.Dropped["failed"], rig.Status.Record.Failure));
        Assert.Equal(10, rig.Status.Copies!.Copied);
    }

    [Fact]
    public async Task A_capture_file_of_a_mirror_holds_no_secret_and_can_be_read()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "shop.capture");
        using (var writer = new CaptureWriter(path))
        {
            await using var rig = await MirrorRig.StartAsync(record: new Masking(MaskRules.Default, writer));
            for (var i = 0; i < 50; i++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"item/{i}?token=hush-{i}");
                request.Headers.Add("Authorization", "Bearer hush-hush");
                request.Headers.Add("Cookie", "session=hush-hush");
                using var answer = await rig.Client.SendAsync(request, Stop);
            }
            await rig.Mirror.DisposeAsync();
            writer.Complete();
        }

        using var reader = CaptureReader.Open(path);
        Assert.Equal((50L, "/item/{id}"), (reader.Info.Exchanges, reader.Info.Endpoints.Single().Path));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"GET /item/{i}?token=*** HTTP/1.1"), reader.ByTime().Select(e => Text(e.Request.Head).Split("\r\n")[0]));
        Assert.DoesNotContain("hush", Encoding.Latin1.GetString(await File.ReadAllBytesAsync(path, Stop)), StringComparison.Ordinal);
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.Latin1.GetString(bytes.Span);

    private sealed class KeepingSink : IExchangeSink
    {
        private readonly Lock _gate = new();
        private readonly List<CapturedExchange> _taken = [];
        private readonly List<long> _ended = [];

        public ManualResetEventSlim? Hold { get; init; }

        public int FailsAfter { get; init; } = int.MaxValue;

        public IReadOnlyList<CapturedExchange> Taken
        {
            get
            {
                lock (_gate)
                    return [.. _taken];
            }
        }

        public IReadOnlyList<long> Ended
        {
            get
            {
                lock (_gate)
                    return [.. _ended];
            }
        }

        public void Take(CapturedExchange exchange)
        {
            Hold?.Wait();
            lock (_gate)
            {
                if (_taken.Count >= FailsAfter)
                    throw new IOException("disk full");
                _taken.Add(exchange.Keep());
            }
        }

        public void EndConnection(long connection, long at)
        {
            lock (_gate)
                _ended.Add(connection);
        }
    }
}
