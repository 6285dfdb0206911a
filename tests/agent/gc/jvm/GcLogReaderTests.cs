using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Pressure.Agent.Tests;

public sealed class GcLogReaderTests
{
    private static readonly string[] Logs = ["g1.log", "parallel.log", "serial.log", "zgc.log", "shenandoah.log", "shenandoah-degenerated.log"];

    private static readonly string[] Pieces =
    [
        "[", "]", "(", ")", "((", "))", "->", "K", "M(", "%", "ms", " secs]", ", ", "[GC", "[GC (", "[Full GC", "[CMS", "GC(", "GC(1) ", "Pause ", "Pause Full", "Concurrent reset", "Y: ", "\n", "\r\n", "\0", " ", ": ", "1.0: ",
        "2026-11-21T15:15:12.099+0000", "0000-00-00T00:00:00.000-1800", "9999-12-31T23:59:59.999-1800", "99999999999999999999", "1e9", "-1", "9223372036854775807ms", "[9223372036854775807ns]", "[0s]", "[1795274169586ms]", "\ufffe", "商",
        " 1M->1M(1M) 1ms\n", "(concurrent mode failure)", "To-space exhausted", "Garbage Collection (", "Allocation Stall (", "Heap: ", "[Eden: ", "[Times: ", "Using G1\n",
    ];

    private static Gen<byte[]> MutatedLogs =>
        from name in Gen.Elements(Logs)
        from cuts in (from at in Gen.Choose(0, 100_000)
                      from length in Gen.Frequency((3, Gen.Constant(0)), (2, Gen.Choose(1, 3)), (1, Gen.Choose(4, 3000)))
                      from piece in Gen.Elements(Pieces)
                      select (at, length, piece)).ListOf()
        select Encoding.UTF8.GetBytes(cuts.Take(12).Aggregate(File.ReadAllText(GcLogs.Path(name)), (text, cut) =>
        {
            var at = cut.at % (text.Length + 1);
            return text.Remove(at, Math.Min(cut.length, text.Length - at)).Insert(at, cut.piece);
        }));

    private static Gen<byte[]> SoupOfPieces => Gen.Elements(Pieces).ListOf().Select(p => Encoding.UTF8.GetBytes(string.Concat(p)));

    [Fact]
    public void Nothing_in_a_log_makes_it_throw() =>
        Prop.ForAll(Gen.OneOf(ArbMap.Default.GeneratorFor<byte[]>(), SoupOfPieces, MutatedLogs).ToArbitrary(), bytes =>
            GcLogs.Read(bytes).Events.TrueForAll(e => e.Pause >= TimeSpan.Zero && e.Duration >= TimeSpan.Zero && e.Heap is not { Before: < 0 } and not { After: < 0 }))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void However_a_log_is_cut_into_pieces_the_events_are_the_same() =>
        Prop.ForAll(
            (from bytes in Gen.OneOf(MutatedLogs, SoupOfPieces, Gen.Elements(Logs).Select(n => File.ReadAllBytes(GcLogs.Path(n))))
             from cuts in Gen.Choose(1, 12_000).ListOf()
             select (bytes, cuts)).ToArbitrary(),
            log => GcLogs.Read(log.bytes).Events.SequenceEqual(GcLogs.Read(log.bytes, [.. log.cuts]).Events))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void Byte_by_byte_it_reads_the_same()
    {
        foreach (var bytes in Logs.Select(n => File.ReadAllBytes(GcLogs.Path(n))))
            Assert.Equal(GcLogs.Read(bytes).Events, GcLogs.Read(bytes, [.. Enumerable.Range(1, bytes.Length)]).Events);
    }

    [Fact]
    public void A_line_cut_in_the_middle_waits_for_its_rest()
    {
        var events = new List<LoggedGc>();
        var reader = new GcLogReader(events.Add);

        reader.Read("[1.000s][info][gc] GC(0) Pause Full (System.gc()) 10M->5M(20M) 12"u8);
        Assert.Empty(events);
        reader.Read("3.4ms\n"u8);

        Assert.Equal("Full 'System.gc()' 123.4ms 10M->5M(20M)", events.Lines());
    }

    [Fact]
    public void Half_a_line_at_the_end_is_none()
    {
        var events = new List<LoggedGc>();
        var reader = new GcLogReader(events.Add);

        reader.Read("[1.000s][info][gc] GC(0) Pause Full (System.gc()) 10M->5M(20M) 12.3ms"u8);
        reader.End();
        reader.Read("[2.000s][info][gc] GC(1) Pause Full (System.gc()) 10M->5M(20M) 1.5ms\n"u8);

        Assert.Equal("Full 'System.gc()' 1.5ms 10M->5M(20M)", events.Lines());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(1 << 20)]
    public void A_line_without_end_is_counted_and_forgotten(int piece)
    {
        var events = new List<LoggedGc>();
        var reader = new GcLogReader(events.Add);
        var garbage = new byte[Math.Max(piece, 20_000)];
        Array.Fill(garbage, (byte)'x');

        foreach (var part in garbage.Chunk(piece))
            reader.Read(part);
        reader.Read("\n[1.000s][info][gc] GC(0) Pause Full (System.gc()) 10M->5M(20M) 1.5ms\n"u8);

        Assert.Equal("Full 'System.gc()' 1.5ms 10M->5M(20M)", events.Lines());
        Assert.Equal((2, 1, 1), (reader.Lines, reader.TooLong, reader.Unknown));
    }

    [Fact]
    public void Reading_keeps_nothing_of_what_was_read()
    {
        var bytes = File.ReadAllBytes(GcLogs.Path("g1.log"));
        var reader = new GcLogReader(_ => { });
        for (var n = 0; n < 20; n++)
            reader.Read(bytes);

        // One pause in the excerpt has a reason put together.
        Assert.InRange(
            Allocated.By(() =>
            {
                for (var n = 0; n < 100; n++)
                    reader.Read(bytes);
            }),
            0,
            100 * 400);
    }
}
