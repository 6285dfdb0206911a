namespace Pressure.TrafficCopy.Tests;

/// <summary>Nothing else may run meanwhile: memory is that of the whole process.</summary>
[CollectionDefinition(nameof(LargeCaptureTests), DisableParallelization = true)]
[Collection(nameof(LargeCaptureTests))]
public sealed class LargeCaptureTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_large_capture_is_written_and_read_in_little_memory()
    {
        var path = _folder.File("large.capture");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var most = 0L;
        using (var writer = new CaptureWriter(path))
        {
            var exchange = Exchanges.Get(1, 0, 0, answer: new string('x', 1_700));
            for (var i = 0; i < 120_000; i++)
            {
                (exchange.Connection, exchange.Order, exchange.At) = (i % 500, i / 500, Exchanges.Start + (i * 1_000L) - (i % 500 % 97 * 50_000L));
                (exchange.RequestEnd, exchange.ResponseAt, exchange.ResponseEnd) = (exchange.At + 5, exchange.At + 10, exchange.At + 20);
                writer.Take(exchange);
                Look(i);
            }

            writer.Complete();
        }

        using var reader = CaptureReader.Open(path);
        var (read, last) = (0, long.MinValue);
        foreach (var exchange in reader.ByTime())
        {
            Assert.True(exchange.At >= last);
            last = exchange.At;
            Look(read++);
        }

        Assert.Equal(120_000, read);
        Assert.True(new FileInfo(path).Length > 200_000_000);
        Assert.True(most < 150_000_000, $"{most:N0} bytes");

        void Look(int i)
        {
            if (i % 20_000 == 19_999)
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        }
    }

    [Fact]
    public void Blocks_that_all_overlap_are_read_again_and_again_in_the_memory_that_there_is()
    {
        var path = _folder.File("overlapping.capture");
        var random = new Random(11);
        Exchanges.Write(path, Enumerable.Range(0, 6_000).Select(i => Exchanges.Get(i, 0, random.Next(1_000_000_000), answer: new string('x', 600))));
        using var file = File.OpenHandle(path);
        var index = StoreOpening.Read(file, path).Index;
        var (bytes, lost) = (0L, 0L);

        using var merge = new TimeMerge(file, index, read => bytes += read, l => lost += l, most: 1 << 20);
        var (last, count) = (long.MinValue, 0);
        while (merge.Next())
        {
            Assert.True(merge.Current.At >= last);
            (last, count) = (merge.Current.At, count + 1);
        }

        Assert.True(index.Count > 8);
        Assert.Equal((6_000, 0), (count, lost));
        Assert.True(bytes > 5 * new FileInfo(path).Length);
    }
}
