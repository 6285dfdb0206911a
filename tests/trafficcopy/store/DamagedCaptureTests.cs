namespace Pressure.TrafficCopy.Tests;

public sealed class DamagedCaptureTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeTime _time = new();

    private string Path => _folder.File("x.capture");

    private string Damaged => _folder.File("damaged.capture");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_that_is_cut_anywhere_gives_its_whole_blocks_and_says_so()
    {
        var written = WriteBlocks(6);
        var bytes = File.ReadAllBytes(Path);
        var most = 0;
        for (var length = bytes.Length; length-- > 0;)
        {
            File.WriteAllBytes(Damaged, bytes[..length]);
            if (Open(Damaged) is not { } read)
            {
                // Only the first record can't be missing.
                Assert.True(length < 200, $"cut at {length}");
                continue;
            }

            Assert.Equal(written.Take(read.Exchanges.Count), read.Exchanges);
            Assert.False(read.Info.IsComplete);
            Assert.Contains("its end is missing", read.Info.Damage, StringComparison.Ordinal);
            Assert.Equal(read.Exchanges.Count, read.Info.Exchanges);
            Assert.Equal(read.Exchanges.Count, read.Info.Endpoints.Sum(e => e.Requests));
            most = Math.Max(most, read.Exchanges.Count);
        }

        Assert.Equal(written.Count, most);
    }

    [Fact]
    public void A_flipped_bit_anywhere_costs_a_block_at_most_and_never_changes_an_exchange()
    {
        var written = WriteBlocks(4);
        var bytes = File.ReadAllBytes(Path);
        for (var at = 0; at < bytes.Length; at++)
        {
            bytes[at] ^= 0x10;
            File.WriteAllBytes(Damaged, bytes);
            bytes[at] ^= 0x10;
            if (Open(Damaged) is not { } read)
            {
                Assert.True(at < 200, $"flipped at {at}");
                continue;
            }

            Assert.Empty(read.Exchanges.Except(written));
            Assert.True(read.Exchanges.Count >= written.Count - 5, $"flipped at {at}: {read.Exchanges.Count} of {written.Count}");
            Assert.Equal(read.Info.Exchanges, read.Exchanges.Count + read.Lost);
            Assert.True(read.Lost > 0 || read.Info.Damage is not null || read.Exchanges.Count == written.Count);
        }
    }

    [Fact]
    public void Bytes_behind_a_cut_are_left_out_even_when_they_are_zeros()
    {
        var written = WriteBlocks(3, complete: false);
        File.WriteAllBytes(Damaged, [.. File.ReadAllBytes(Path), .. new byte[5000]]);

        var read = Open(Damaged)!.Value;

        Assert.Equal(written, read.Exchanges);
        Assert.Contains("its last 5,000 bytes are not whole", read.Info.Damage, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_bytes_in_sound_records_crash_nothing()
    {
        WriteBlocks(4);
        var bytes = File.ReadAllBytes(Path);
        var random = new Random(3);
        for (var round = 0; round < 3_000; round++)
        {
            var hostile = bytes.ToArray();
            for (var flips = random.Next(1, 8); flips > 0; flips--)
                hostile[random.Next(12, hostile.Length)] = random.Next(3) switch { 0 => 0xFF, 1 => 0, _ => (byte)random.Next(256) };
            Reseal(hostile);
            File.WriteAllBytes(Damaged, hostile);
            _ = Open(Damaged);
        }
    }

    [Fact]
    public void What_is_no_store_is_refused_with_a_word()
    {
        File.WriteAllText(Path, "GET / HTTP/1.1");
        Assert.Contains("is no capture store", Assert.Throws<InvalidDataException>(() => CaptureReader.Open(Path)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(Path, [.. StoreFormat.Magic, 9]);
        Assert.Contains("version 9", Assert.Throws<InvalidDataException>(() => CaptureReader.Open(Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_taken_is_in_the_file_after_a_few_seconds_though_nobody_closed_it()
    {
        using var writer = new CaptureWriter(Path, time: _time);
        writer.Take(Exchanges.Get(1, 0, 0));
        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.True(SpinWait.SpinUntil(() => Exchanges.Read(Path).Count == 1, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void A_full_disk_is_told_and_what_was_written_can_be_read()
    {
        Assert.True(SmallDisk.Possible, "Needs root, for a disk that can run full.");
        using var disk = new SmallDisk(600);
        var path = System.IO.Path.Combine(disk.Path, "x.capture");
        CaptureWriteException? told = null;
        using (var writer = new CaptureWriter(path))
        {
            told = Assert.Throws<CaptureWriteException>(() =>
            {
                for (var i = 0; i < 1_000_000; i++)
                    writer.Take(Exchanges.Get(i % 10, i / 10, i * 1_000L, answer: new string('x', 500)));
            });
        }

        Assert.Contains("can't be written any more", told.Message, StringComparison.Ordinal);
        using var reader = CaptureReader.Open(path);
        Assert.InRange(reader.ByTime().Count(), 100, 2_000);
        Assert.False(reader.Info.IsComplete);
    }

    /// <summary>Blocks of five exchanges: the clock turns after each five.</summary>
    private List<string> WriteBlocks(int blocks, bool complete = true)
    {
        var written = new List<string>();
        using var writer = new CaptureWriter(Path, time: _time);
        for (var i = 0; i < blocks * 5; i++)
        {
            var exchange = Exchanges.Get(i % 3, i / 3, i * 1_000L);
            written.Add(Exchanges.Text(exchange));
            writer.Take(exchange);
            if (i % 5 == 4)
                _time.Advance(TimeSpan.FromSeconds(2));
        }

        if (complete)
            writer.Complete();
        return written;
    }

    private static (CaptureInfo Info, List<string> Exchanges, long Lost)? Open(string path)
    {
        try
        {
            using var reader = CaptureReader.Open(path);
            var read = reader.ByTime().Select(Exchanges.Text).ToList();
            return (reader.Info, read, reader.Lost);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Makes the checksums right, so that what reads the payloads has to do with them.</summary>
    private static void Reseal(byte[] file)
    {
        for (var at = 12; at + 8 < file.Length;)
        {
            var (length, _) = LogFormat.ReadHeader(file.AsSpan(at));
            if (length <= 0 || length > file.Length - at - 8)
                return;
            LogFormat.WriteHeader(file.AsSpan(at), file.AsSpan(at + 8, length));
            at += 8 + length;
        }
    }
}
