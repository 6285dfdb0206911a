using System.Net;
using FsCheck;
using FsCheck.Fluent;

namespace Pressure.TrafficCopy.Tests;

public sealed class CaptureStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Path => _folder.File("x.capture");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_written_is_read(bool compress) =>
        Prop.ForAll(WildExchanges().ToArbitrary(), exchanges =>
        {
            File.Delete(Path);
            var written = Exchanges.Write(Path, exchanges, new() { Compress = compress });
            using var reader = CaptureReader.Open(Path);

            Assert.Equal(written.Order(), reader.ByTime().Select(Exchanges.Text).Order());
            Assert.Equal(exchanges.Length, reader.Info.Exchanges);
            Assert.Equal(exchanges.Select(e => e.Connection).Distinct().Count(), reader.Info.Connections);
            Assert.Equal(exchanges.Length, reader.Info.Endpoints.Sum(e => e.Requests));
            Assert.True(reader.Info.IsComplete);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void Exchanges_come_by_time_and_those_of_a_connection_in_order_whatever_clocks_did()
    {
        var random = new Random(7);
        var orders = new Dictionary<long, int>();
        // Some answers take long, some clocks jump back.
        var exchanges = Enumerable.Range(0, 20_000).Select(i =>
        {
            var connection = random.Next(300);
            orders[connection] = orders.GetValueOrDefault(connection, -1) + 1;
            var at = (i * 1_000L) - (random.Next(50) == 0 ? random.Next(20_000_000) : random.Next(5_000));
            return Exchanges.Get(connection, orders[connection], at, answer: new string('x', random.Next(200)));
        }).ToList();
        var written = Exchanges.Write(Path, exchanges);

        using var reader = CaptureReader.Open(Path);
        var read = reader.ByTime().Select(e => e.Keep()).ToList();

        Assert.Equal(written.Order(), read.Select(Exchanges.Text).Order());
        Assert.All(read.GroupBy(e => e.Connection), c => Assert.Equal(c.Select(e => e.Order).Order(), c.Select(e => e.Order)));
        // Earlier than the one before only for its connection's sake.
        var latest = new Dictionary<long, long>();
        var time = long.MinValue;
        foreach (var e in read)
        {
            var key = latest.TryGetValue(e.Connection, out var before) && before >= e.At ? before + 1 : e.At;
            Assert.True(key >= time);
            (latest[e.Connection], time) = (key, key);
        }

        Assert.Equal((exchanges.Min(e => e.At), exchanges.Max(e => e.At)), (reader.Info.FirstAt, reader.Info.LastAt));
    }

    [Fact]
    public void Several_sources_written_one_after_the_other_are_read_as_one_by_time()
    {
        Exchanges.Write(Path, Enumerable.Range(0, 5).SelectMany(source => Enumerable.Range(0, 4_000).Select(i => Exchanges.Get((source * 10_000) + (i / 10), i % 10, i * 1_000L))));

        using var reader = CaptureReader.Open(Path);
        var times = reader.ByTime().Select(e => e.At).ToList();

        Assert.Equal(20_000, times.Count);
        Assert.Equal(times.Order(), times);
    }

    [Fact]
    public void The_last_exchange_of_a_connection_that_ended_is_marked_also_when_its_end_came_much_later()
    {
        using (var writer = new CaptureWriter(Path))
        {
            for (var i = 0; i < 5_000; i++)
                writer.Take(Exchanges.Get(i % 10, i / 10, i * 1_000L));
            for (var connection = 0; connection < 5; connection++)
                writer.EndConnection(connection, Exchanges.Start);
            writer.EndConnection(99, Exchanges.Start);
            writer.Complete();
        }

        using var reader = CaptureReader.Open(Path);
        var last = reader.ByTime().Where(e => e.Marks.HasFlag(ExchangeMarks.Last)).Select(e => (e.Connection, e.Order)).ToList();

        Assert.Equal(Enumerable.Range(0, 5).Select(c => ((long)c, 499)), last.Order());
    }

    [Fact]
    public void A_capture_without_exchanges_can_be_read()
    {
        Exchanges.Write(Path, []);

        using var reader = CaptureReader.Open(Path);
        Assert.Empty(reader.ByTime());
        Assert.Equal((0, 0, 0, true), (reader.Info.Exchanges, reader.Info.FirstAt, reader.Info.LastAt, reader.Info.IsComplete));
    }

    [Fact]
    public void What_came_of_the_packets_and_what_was_masked_is_kept()
    {
        var accounts = new CaptureAccounts { Packets = 3, PayloadBytes = 700 };
        accounts.Count(PacketFate.Used, 2);
        accounts.Count(PacketFate.NotTcp);
        accounts.Count(ByteFate.Delivered, 700);
        accounts.Count(Happening.Exchange, 1);
        using (var writer = new CaptureWriter(Path, new() { Masked = ["header Authorization"] }))
        {
            writer.Take(Exchanges.Get(1, 0, 0));
            writer.Complete(new() { Accounts = accounts, LeftOut = new Dictionary<string, long> { ["host"] = 4 } });
        }

        using var reader = CaptureReader.Open(Path);
        Assert.Equal(["header Authorization"], reader.Info.Masked);
        Assert.Equal(4, reader.Info.LeftOut["host"]);
        var kept = reader.Info.Accounts!;
        Assert.True(kept.IsBalanced);
        Assert.Equal((3, 700, 2, 1, 1), (kept.Packets, kept.PayloadBytes, kept[PacketFate.Used], kept[PacketFate.NotTcp], kept[Happening.Exchange]));
        Assert.Equal([new EndpointCount("GET", "/item/{id}", 1)], reader.Info.Endpoints);
    }

    [Fact]
    public void An_exchange_longer_than_a_store_takes_is_cut_and_marked()
    {
        var exchange = Exchanges.Get(1, 0, 0);
        exchange.Response = exchange.Response with { Body = new byte[50 << 20], BodyLength = 50 << 20 };
        Exchanges.Write(Path, [exchange, Exchanges.Get(1, 1, 5)]);

        using var reader = CaptureReader.Open(Path);
        var read = reader.ByTime().Select(e => (e.Marks, e.Response.Body.Length, e.Response.BodyLength)).ToList();

        Assert.Equal([(ExchangeMarks.ResponseCut, 16 << 20, 50L << 20), (ExchangeMarks.None, 11, 11)], read);
    }

    [Fact]
    public void An_existing_file_is_not_overwritten()
    {
        File.WriteAllText(Path, "mine");

        Assert.Throws<IOException>(() => new CaptureWriter(Path));
        Assert.Equal("mine", File.ReadAllText(Path));
    }

    [Fact]
    public void A_capture_is_readable_by_its_owner_alone()
    {
        Exchanges.Write(Path, []);

        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Path) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public void Reading_allocates_nothing_for_an_exchange()
    {
        Exchanges.Write(Path, Enumerable.Range(0, 40_000).Select(i => Exchanges.Get(i % 50, i / 50, i * 1_000L)));
        using var reader = CaptureReader.Open(Path);
        Assert.Equal(40_000, reader.ByTime().Count());

        using var exchanges = reader.ByTime().GetEnumerator();
        for (var i = 0; i < 1_000; i++)
            exchanges.MoveNext();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var (read, bytes) = (0, 0L);
        while (exchanges.MoveNext())
            (read, bytes) = (read + 1, bytes + exchanges.Current.Request.Head.Length);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(39_000, read);
        // A little for each of some sixty blocks, more when others have emptied the pool; the smallest object for each would be a million bytes.
        Assert.True(allocated < 400_000, $"{allocated} bytes");
    }

    private static Gen<CapturedExchange[]> WildExchanges()
    {
        var bytes = ArbMap.Default.GeneratorFor<byte[]>();
        var time = Gen.OneOf(Gen.Choose(0, 1_000_000).Select(t => Exchanges.Start + t), ArbMap.Default.GeneratorFor<long>());
        var message =
            from head in bytes
            from body in bytes
            from more in Gen.Elements(0L, 0L, 7L, 1L << 40)
            select new CapturedMessage(head, body, body.Length + more);
        var address = Gen.OneOf(
            from b in Gen.ArrayOf(ArbMap.Default.GeneratorFor<byte>(), 4) from p in Gen.Choose(0, 65_535) select new IPEndPoint(new IPAddress(b), p),
            from b in Gen.ArrayOf(ArbMap.Default.GeneratorFor<byte>(), 16) from p in Gen.Choose(0, 65_535) select new IPEndPoint(new IPAddress(b), p));
        var exchange =
            from connection in Gen.OneOf(Gen.Choose(1, 4).Select(c => (long)c), ArbMap.Default.GeneratorFor<long>())
            from order in ArbMap.Default.GeneratorFor<int>()
            from protocol in Gen.Elements(Enum.GetValues<TrafficProtocol>())
            from marks in Gen.Choose(0, 1023)
            from at in time
            from requestEnd in time
            from responseAt in Gen.OneOf(Gen.Constant(0L), time)
            from responseEnd in time
            from client in address
            from server in address
            from request in message
            from response in message
            select new CapturedExchange
            {
                Connection = connection,
                Order = order,
                Protocol = protocol,
                Marks = (ExchangeMarks)marks,
                At = at,
                RequestEnd = requestEnd,
                ResponseAt = responseAt,
                ResponseEnd = responseAt == 0 ? 0 : responseEnd,
                Client = client,
                Server = server,
                Request = request,
                Response = responseAt == 0 ? default : response,
            };
        return Gen.ArrayOf(exchange);
    }
}
