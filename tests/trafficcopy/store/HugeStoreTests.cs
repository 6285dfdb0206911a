namespace Pressure.TrafficCopy.Tests;

/// <summary>A capture store whose blocks lie beyond 4 GiB, as they would behind billions of bytes; in between is a hole that takes no room on the disk.</summary>
public sealed class HugeStoreTests : IDisposable
{
    private const long Hole = 50L << 30;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Blocks_fifty_gibibytes_into_the_file_are_found_by_the_index()
    {
        var path = _folder.File("huge.capture");
        Exchanges.Write(_folder.File("small.capture"), [Exchanges.Get(1, 0, 0)]);
        Write(path, _folder.File("small.capture"));

        Assert.True(new FileInfo(path).Length > Hole);
        using var reader = CaptureReader.Open(path);
        var read = reader.ByTime().Select(e => (e.Connection, e.Order, e.At - Exchanges.Start)).ToList();
        Assert.Equal(Enumerable.Range(0, 20_000).Select(i => ((long)i % 10, i / 10, (long)i * 1_000)), read);
        Assert.Null(reader.Info.Damage);
    }

    /// <summary>The beginning of another store, then the hole, then blocks, index and end.</summary>
    private static void Write(string path, string beginning)
    {
        var start = File.ReadAllBytes(beginning);
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite);
        RandomAccess.Write(file, start.AsSpan(0, LengthOfBeginning(start)), 0);
        using var appender = new BlockAppender(file, Hole, pack: false, []);
        var (book, block) = (new ConnectionBook(), appender.Rent());
        for (var i = 0; i < 20_000; i++)
        {
            var exchange = Exchanges.Get(i % 10, i / 10, i * 1_000L);
            var bound = ExchangeEncoding.Bound(exchange);
            if (!block.HasRoomFor(bound))
            {
                appender.Submit(block);
                block = appender.Rent();
            }
            block.Add(exchange, bound, book.Next(exchange, out var isFirst), isFirst);
        }
        appender.Submit(block);
        appender.Drain();
        appender.End(CaptureJson.Payload(RecordKind.Summary, new CaptureSummary { Exchanges = 20_000, Connections = 10, FirstAt = Exchanges.Start, LastAt = Exchanges.Start + 19_999_000 }, CaptureJsonContext.Default.CaptureSummary));
    }

    private static int LengthOfBeginning(byte[] store)
    {
        var record = store.AsSpan(StoreFormat.PreambleLength);
        return StoreFormat.PreambleLength + LogFormat.HeaderLength + System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(record);
    }
}
