using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Pressure.Agent.Tests;

public sealed class CounterSourceTests
{
    private readonly List<LoggedGc> _events = [];
    private byte[]? _file;

    [Fact]
    public void Each_collection_between_two_looks_is_an_event()
    {
        var source = Begin(("Copy", 3, 30_000_000), ("MSC", 1, 100_000_000));

        _file = Counters(("Copy", 5, 50_000_000), ("MSC", 2, 350_000_000));
        Assert.True(source.Look());

        Assert.Equal(
            [(GcKind.Young, 10), (GcKind.Young, 10), (GcKind.Full, 250)],
            _events.Select(e => (e.Kind, (int)Math.Round(e.Pause.TotalMilliseconds))));
        Assert.All(_events, e => Assert.Equal("Serial", e.Collector));
        Assert.Equal(new HeapUse(null, 3000, 9000), _events[^1].Heap);
        Assert.Equal("Allocation Failure", _events[^1].Reason);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_795_274_625_522) + TimeSpan.FromSeconds(2), _events[^1].Begin.Wall);
    }

    [Fact]
    public void What_was_before_the_first_look_is_no_event()
    {
        var source = Begin(("Copy", 3, 30_000_000), ("MSC", 1, 100_000_000));
        Assert.True(source.Look());

        Assert.Empty(_events);
    }

    [Fact]
    public void A_collection_under_way_is_told_when_it_has_ended()
    {
        var source = Begin(("Copy", 3, 30_000_000), ("MSC", 1, 100_000_000));
        _file = Counters(underWay: true, ("Copy", 4, 30_000_000), ("MSC", 1, 100_000_000));
        source.Look();
        Assert.Empty(_events);

        _file = Counters(("Copy", 4, 45_000_000), ("MSC", 1, 100_000_000));
        source.Look();

        Assert.Equal(TimeSpan.FromMilliseconds(15), Assert.Single(_events).Pause);
    }

    [Fact]
    public void Shenandoah_s_counters_are_no_pauses()
    {
        var source = Begin(("Shenandoah full", 3, 30_000_000), ("Shenandoah partial", 1, 100_000_000));
        _file = Counters(("Shenandoah full", 9, 90_000_000), ("Shenandoah partial", 1, 100_000_000));
        source.Look();

        Assert.Empty(_events);
        Assert.False(source.TellsPauses);
    }

    [Fact]
    public void A_file_that_is_none_is_nothing_to_look_at()
    {
        Assert.False(new CounterSource(() => null, _events.Add).Look());
        Assert.False(new CounterSource(() => new byte[100], _events.Add).Look());
    }

    [Fact]
    public void Wild_bytes_in_the_file_never_throw()
    {
        var whole = Counters(("Copy", 3, 30_000_000), ("MSC", 1, 100_000_000));
        var files =
            from at in Gen.Choose(0, whole.Length - 1).ListOf()
            from value in Gen.Choose(0, 255)
            from length in Gen.Choose(0, whole.Length)
            select at.Aggregate(whole[..Math.Max(length, 32)], (bytes, n) =>
            {
                bytes[n % bytes.Length] = (byte)value;
                return bytes;
            });
        Prop.ForAll(files.ListOf().ToArbitrary(), looks =>
        {
            var source = new CounterSource(() => _file, _events.Add);
            foreach (var bytes in looks)
            {
                _file = bytes;
                source.Look();
            }

            return _events.TrueForAll(e => e.Pause >= TimeSpan.Zero);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void Jstat_s_lines_are_read_by_their_header()
    {
        var source = new JstatSource(_events.Add);
        source.Add(" S0C         S1C         S0U         S1U          EC           EU           OC           OU          MC         MU       CCSC      CCSU     YGC     YGCT     FGC    FGCT     CGC    CGCT       GCT   ");
        source.Add("    0.0      1024.0         0.0      1024.0      25600.0       1024.0     105472.0      99544.0      448.0      100.2     320.0      4.0        3     0.030     1     0.100    2     0.001      0.131");
        source.Add("    0.0      1024.0         0.0      1024.0      25600.0       2048.0     105472.0      99544.0      448.0      100.2     320.0      4.0        5     0.050     2     0.350    2     0.001      0.401");
        source.Add("nonsense");
        Assert.True(source.Look());

        Assert.Equal([(GcKind.Young, 10), (GcKind.Young, 10), (GcKind.Full, 250)], _events.Select(e => (e.Kind, (int)Math.Round(e.Pause.TotalMilliseconds))));
        Assert.Equal((1024 + 2048 + 99544) * 1024L, _events[^1].Heap.After);
    }

    private CounterSource Begin(params (string Name, long Count, long Ticks)[] collectors)
    {
        _file = Counters(collectors);
        var source = new CounterSource(() => _file, _events.Add);
        Assert.True(source.Look());
        return source;
    }

    private static byte[] Counters(params (string Name, long Count, long Ticks)[] collectors) => Counters(underWay: false, collectors);

    /// <summary>A file as HotSpot writes it, with the counters that matter.</summary>
    private static byte[] Counters(bool underWay, params (string Name, long Count, long Ticks)[] collectors)
    {
        var entries = new List<byte[]>
        {
            Number("sun.os.hrt.frequency", 1_000_000_000), Number("sun.rt.createVmBeginTime", 1_795_274_625_522),
            Text("sun.gc.cause", "No GC"), Text("sun.gc.lastCause", "Allocation Failure"),
            Number("sun.gc.generation.0.space.0.used", 1000), Number("sun.gc.generation.1.space.0.used", 2000),
            Number("sun.gc.generation.0.space.0.capacity", 4000), Number("sun.gc.generation.1.space.0.capacity", 5000),
        };
        foreach (var (n, collector) in collectors.Index())
        {
            var prefix = $"sun.gc.collector.{n}.";
            entries.AddRange([
                Text(prefix + "name", collector.Name), Number(prefix + "invocations", collector.Count), Number(prefix + "time", collector.Ticks),
                Number(prefix + "lastEntryTime", 2_000_000_000), Number(prefix + "lastExitTime", underWay && n == 0 ? 1_000_000_000 : 2_500_000_000)]);
        }

        var header = new byte[32];
        BinaryPrimitives.WriteUInt32BigEndian(header, 0xCAFEC0C0);
        (header[4], header[5], header[7]) = (1, 2, 1);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(24), header.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(28), entries.Count);
        return [.. header, .. entries.SelectMany(e => e)];
    }

    private static byte[] Number(string name, long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Entry(name, 'J', 0, bytes);
    }

    private static byte[] Text(string name, string value) => Entry(name, 'B', 32, [.. Encoding.ASCII.GetBytes(value), .. new byte[32 - value.Length]]);

    private static byte[] Entry(string name, char type, int elements, byte[] value)
    {
        const int Head = 20;
        var at = (Head + name.Length + 1 + 7) / 8 * 8;
        var entry = new byte[at + value.Length];
        BinaryPrimitives.WriteInt32LittleEndian(entry, entry.Length);
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(4), Head);
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(8), elements);
        entry[12] = (byte)type;
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(16), at);
        Encoding.ASCII.GetBytes(name).CopyTo(entry, Head);
        value.CopyTo(entry, at);
        return entry;
    }
}
