namespace Pressure.TrafficCopy.Tests;

/// <summary>A writer that is killed, and another one that goes on where it had settled.</summary>
public sealed class ContinuedCaptureTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Path => _folder.File("x.capture");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_settled_is_kept_and_what_comes_again_is_there_once()
    {
        var place = Interrupt(settled: 100, more: 50);
        using (var writer = CaptureWriter.Continue(Path, place))
        {
            Assert.Equal(100, writer.Exchanges);
            // The fifty that had not been settled come once more.
            for (var i = 100; i < 250; i++)
                writer.Take(Get(i));
            writer.Complete();
        }

        using var reader = CaptureReader.Open(Path);
        Assert.Equal(Enumerable.Range(0, 250).Select(i => Exchanges.Text(Get(i))), reader.ByTime().Select(WithoutMarks));
        Assert.Equal((250, 10, true), (reader.Info.Exchanges, reader.Info.Connections, reader.Info.IsComplete));
        Assert.Equal(250, reader.Info.Endpoints.Sum(e => e.Requests));
        Assert.Equal(["the usual"], reader.Info.Masked);
    }

    [Fact]
    public void A_connection_that_goes_on_has_one_last_exchange_and_one_that_does_not_has_too()
    {
        var place = Interrupt(settled: 20, more: 0);
        using (var writer = CaptureWriter.Continue(Path, place))
        {
            // Half of the ten connections go on, and end.
            for (var i = 20; i < 25; i++)
                writer.Take(Get(i));
            for (var connection = 1; connection <= 5; connection++)
                writer.EndConnection(connection, 0);
            writer.Complete();
        }

        using var reader = CaptureReader.Open(Path);
        var last = reader.ByTime().Where(e => e.Marks.HasFlag(ExchangeMarks.Last)).Select(e => (e.Connection, e.Order)).Order();
        Assert.Equal(Enumerable.Range(1, 10).Select(c => ((long)c, c <= 5 ? 2 : 1)), last);
    }

    [Fact]
    public void A_file_that_is_shorter_or_damaged_is_left_as_it_is()
    {
        var place = Interrupt(settled: 100, more: 10);
        var bytes = File.ReadAllBytes(Path);
        Assert.Throws<InvalidDataException>(() => CaptureWriter.Continue(Path, bytes.Length + 1));
        Assert.Throws<InvalidDataException>(() => CaptureWriter.Continue(Path, place - 1));
        Assert.Equal(bytes, File.ReadAllBytes(Path));
        bytes[(int)place - 5] ^= 1;
        File.WriteAllBytes(Path, bytes);
        Assert.Throws<InvalidDataException>(() => CaptureWriter.Continue(Path, place));
        Assert.Equal(bytes, File.ReadAllBytes(Path));
    }

    [Fact]
    public void It_can_be_killed_again_and_again()
    {
        var place = Interrupt(settled: 10, more: 3);
        for (var round = 1; round < 8; round++)
        {
            using var writer = CaptureWriter.Continue(Path, place);
            for (var i = round * 10; i < round * 10 + 10; i++)
                writer.Take(Get(i));
            place = writer.Settle();
            writer.Take(Get(999));
        }

        using (var writer = CaptureWriter.Continue(Path, place))
            writer.Complete();
        using var reader = CaptureReader.Open(Path);
        Assert.Equal(Enumerable.Range(0, 80).Select(i => Exchanges.Text(Get(i))), reader.ByTime().Select(WithoutMarks));
    }

    /// <summary>Writes, settles, writes more, and stops without an end; gives where it had settled.</summary>
    private long Interrupt(int settled, int more)
    {
        using var writer = new CaptureWriter(Path, new() { Masked = ["the usual"] });
        for (var i = 0; i < settled; i++)
            writer.Take(Get(i));
        var place = writer.Settle();
        for (var i = settled; i < settled + more; i++)
            writer.Take(Get(i));
        return place;
    }

    private static string WithoutMarks(CapturedExchange exchange)
    {
        exchange.Marks &= ~ExchangeMarks.Last;
        return Exchanges.Text(exchange);
    }

    // Ten connections, in turn.
    private static CapturedExchange Get(int number) => Exchanges.Get(number % 10 + 1, number / 10, number * 1_000_000L);
}
