namespace Pressure.Record.Tests;

public sealed class DamagedLogTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly string _intervals;
    private readonly byte[] _sound;
    private readonly long[] _ends;

    public DamagedLogTests()
    {
        _intervals = Path.Combine(_temp.Path, RunFolder.IntervalsFile);
        _ends = new long[3];
        using (var writer = RunFolder.Create(_temp.Path, Sample.Manifest, Sample.Plan))
        {
            for (var second = 0; second < 3; second++)
            {
                writer.Append(Sample.Interval(second));
                _ends[second] = new FileInfo(_intervals).Length;
            }
        }
        _sound = File.ReadAllBytes(_intervals);
    }

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void A_log_torn_at_any_byte_of_its_last_record_keeps_the_ones_before()
    {
        for (var length = _ends[1] + 1; length < _ends[2]; length++)
        {
            File.WriteAllBytes(_intervals, _sound[..(int)length]);

            var record = RunFolder.Read(_temp.Path);

            Assert.Equal([0, 1], record.Intervals.Select(i => i.Second));
            var torn = Assert.Single(record.Recoveries);
            Assert.Equal((RunFolder.IntervalsFile, _ends[1], length - _ends[1]), (torn.File, torn.BytesKept, torn.BytesCut));
            Assert.Equal("the last record is incomplete", torn.Why);
        }
    }

    [Fact]
    public void A_log_cut_between_records_is_just_shorter()
    {
        File.WriteAllBytes(_intervals, _sound[..(int)_ends[1]]);

        var record = RunFolder.Read(_temp.Path);

        Assert.Equal(2, record.Intervals.Count);
        Assert.Empty(record.Recoveries);
    }

    [Fact]
    public void A_flipped_bit_anywhere_in_the_middle_ends_the_reading_there_and_is_told()
    {
        for (var at = _ends[0]; at < _ends[1]; at++)
        {
            var damaged = _sound.ToArray();
            damaged[at] ^= (byte)(1 << (int)(at % 8));
            File.WriteAllBytes(_intervals, damaged);

            var record = RunFolder.Read(_temp.Path);

            Assert.Equal(0, Assert.Single(record.Intervals).Second);
            var cut = Assert.Single(record.Recoveries);
            Assert.Equal((_ends[0], _sound.Length - _ends[0]), (cut.BytesKept, cut.BytesCut));
            Assert.NotEmpty(cut.Why);
        }
    }

    [Fact]
    public void A_tail_of_zeros_after_a_power_cut_is_cut()
    {
        File.WriteAllBytes(_intervals, [.. _sound, .. new byte[4096]]);

        var record = RunFolder.Read(_temp.Path);

        Assert.Equal(3, record.Intervals.Count);
        Assert.Equal(4096, Assert.Single(record.Recoveries).BytesCut);
    }

    [Fact]
    public void A_forged_length_does_not_ask_for_memory()
    {
        File.WriteAllBytes(_intervals, [0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0]);
        RunFolder.Read(_temp.Path);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var first in new byte[] { 0x00, 0x03, 0x7F, 0xFF })
        {
            File.WriteAllBytes(_intervals, [first, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0]);
            Assert.Single(RunFolder.Read(_temp.Path).Recoveries);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData(RunFolder.IntervalsFile)]
    [InlineData(RunFolder.HostsFile)]
    [InlineData(RunFolder.EventsFile)]
    public void A_sound_record_of_something_else_ends_the_reading_and_is_told(string file)
    {
        var foreign = new ByteSink();
        var header = new byte[8];
        LogFormat.WriteHeader(header, "{\"kind\":\"fromTheFuture\"}"u8);
        foreign.Bytes(header);
        foreign.Bytes("{\"kind\":\"fromTheFuture\"}"u8);
        File.WriteAllBytes(Path.Combine(_temp.Path, file), foreign.Written.ToArray());

        var cut = Assert.Single(RunFolder.Read(_temp.Path).Recoveries);

        Assert.Equal(file, cut.File);
        Assert.Contains("can't be understood", cut.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void The_checksum_is_CRC_32C() => Assert.Equal(0xE3069283, Crc32C.Of("123456789"u8));
}
