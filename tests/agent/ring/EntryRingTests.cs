using System.Buffers;
using System.Text.Json;

namespace Pressure.Agent.Tests.Ring;

public sealed class EntryRingTests : IDisposable
{
    private static readonly RingOptions Small = new(MaxBytes: 4096, SegmentBytes: 1024);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Entries_come_back_as_they_were_in_order()
    {
        using var ring = Open();
        Append(ring, 0, 20);

        Assert.Equal(Numbers(0, 20), Read(ring, 0));
        Assert.Equal(Numbers(7, 13), Read(ring, 7));
        Assert.Equal((0, 20, 0), (ring.Oldest, ring.Next, ring.Dropped));
    }

    [Fact]
    public void A_batch_has_no_more_bytes_than_asked_but_one_entry_at_least()
    {
        using var ring = Open();
        Append(ring, 0, 20);
        var one = Batch(ring, 0, 1).Bytes;

        Assert.Equal(1, Batch(ring, 0, 1).Batch.Count);
        Assert.Equal(3, Batch(ring, 1, 4 * one).Batch.Count);
        Assert.Equal(new RingBatch(20, 0), Batch(ring, 20, 4096).Batch);
    }

    [Fact]
    public void Numbers_go_on_after_a_restart_under_the_same_name()
    {
        Guid id;
        using (var before = Open())
        {
            id = before.Id;
            Append(before, 0, 5);
        }
        using var ring = Open();
        Append(ring, 5, 5);

        Assert.Equal(id, ring.Id);
        Assert.Equal(Numbers(0, 10), Read(ring, 0));
    }

    [Fact]
    public void What_does_not_fit_goes_the_oldest_first_and_is_counted()
    {
        using var ring = Open(Small);
        Append(ring, 0, 200);

        var kept = Read(ring, 0);
        Assert.True(ring.Bytes <= Small.MaxBytes);
        Assert.Equal(Numbers(200 - kept.Count, kept.Count), kept);
        Assert.Equal(200 - kept.Count, ring.Dropped);
        Assert.Equal(200 - kept.Count, ring.Oldest);
    }

    [Fact]
    public void What_the_centre_has_is_removed_and_not_counted_as_lost()
    {
        using var ring = Open(Small);
        Append(ring, 0, 20);
        ring.Ack(20);
        var bytes = ring.Bytes;
        Append(ring, 20, 10);
        ring.Ack(25);
        Append(ring, 30, 10);

        Assert.True(bytes < Small.SegmentBytes);
        Assert.Equal(0, ring.Dropped);
        Assert.Equal(Numbers(25, 15), Read(ring, 25));
    }

    [Fact]
    public void A_torn_tail_is_cut_and_what_is_before_it_kept()
    {
        using (var before = Open())
            Append(before, 0, 5);
        var file = Assert.Single(Directory.GetFiles(_folder.Path, "*.seg"));
        using (var torn = File.OpenWrite(file))
            torn.SetLength(torn.Length - 3);

        using var ring = Open();
        Append(ring, 4, 2);

        Assert.Equal(Numbers(0, 6), Read(ring, 0));
    }

    [Fact]
    public void A_damaged_segment_loses_its_rest_and_no_other()
    {
        using var ring = Open(Small with { MaxBytes = 1 << 20 });
        Append(ring, 0, 30);
        var files = Directory.GetFiles(_folder.Path, "*.seg").Order().ToList();
        Assert.True(files.Count > 3);
        using (var damaged = File.OpenHandle(files[1], FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            RandomAccess.Write(damaged, "#"u8, 100);

        var first = Read(ring, 0);
        var begin = long.Parse(Path.GetFileNameWithoutExtension(files[1]));
        var end = long.Parse(Path.GetFileNameWithoutExtension(files[2]));

        Assert.Equal([.. Numbers(0, (int)begin), .. Numbers((int)end, 30 - (int)end)], first);
        Assert.Equal(end - begin, ring.Dropped);
    }

    [Fact]
    public void A_ring_without_its_name_is_begun_anew_under_another_one()
    {
        Guid id;
        using (var before = Open())
        {
            id = before.Id;
            Append(before, 0, 5);
        }
        File.WriteAllText(_folder.File("ring"), "nonsense");

        using var ring = Open();

        Assert.NotEqual(id, ring.Id);
        Assert.Equal((0, 0), (ring.Oldest, ring.Next));
    }

    [Fact]
    public void Entries_that_would_take_numbers_of_ones_that_the_centre_has_get_another_name()
    {
        using (var before = Open())
            Append(before, 0, 10);
        var file = Assert.Single(Directory.GetFiles(_folder.Path, "*.seg"));
        using (var lost = File.OpenWrite(file))
            lost.SetLength(lost.Length / 2);
        using var ring = Open();
        var left = (int)ring.Next;
        var id = ring.Id;
        Append(ring, 100, 3);

        Assert.False(ring.Agrees(10));

        Assert.NotEqual(id, ring.Id);
        Assert.Equal(left, ring.Oldest);
        Assert.Equal(Numbers(100, 3), Read(ring, ring.Oldest));
        Assert.True(ring.Agrees(ring.Oldest));
    }

    [Fact]
    public void What_was_read_may_be_wanted_behind()
    {
        using var ring = Open();
        Append(ring, 0, 10);

        Assert.Equal(10, Read(ring, 0).Count);
        Append(ring, 10, 10);

        Assert.True(ring.Agrees(10));
        Assert.False(ring.Agrees(11));
    }

    [Fact]
    public void A_ring_that_has_lost_its_begin_before_anything_was_sent_keeps_its_name()
    {
        using var ring = Open(Small);
        Append(ring, 0, 200);
        Assert.True(ring.Oldest > 0);

        Assert.True(ring.Agrees(ring.Oldest));
    }

    [Fact]
    public void An_entry_that_no_frame_can_hold_is_lost_and_counted()
    {
        using var ring = Open();
        Append(ring, 0, 1);

        Assert.False(ring.Append(TestEntry.Of(1, new string('x', FrameCodec.MaxBytes))));

        Append(ring, 1, 1);
        Assert.Equal(1, ring.Dropped);
        Assert.Equal(Numbers(0, 2), Read(ring, 0));
    }

    [Fact]
    public async Task Whoever_waits_for_an_entry_is_woken_by_it()
    {
        using var ring = Open();
        Append(ring, 0, 2);
        Assert.True(ring.WaitForAsync(1, CancellationToken.None).IsCompleted);
        var waiting = ring.WaitForAsync(2, CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        Append(ring, 2, 1);

        await waiting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task One_process_has_the_ring_and_its_successor_waits_until_it_lets_go()
    {
        var ring = Open();
        Append(ring, 0, 3);
        Assert.Null(RingLock.TryTake(_folder.Path));
        var successor = RingLock.TakeAsync(_folder.Path, TimeProvider.System, CancellationToken.None);
        Assert.False(successor.IsCompleted);

        ring.Dispose();

        using var next = EntryRing.Open(_folder.Path, RingOptions.Default, await successor.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Append(next, 3, 2);
        Assert.Equal(Numbers(0, 5), Read(next, 0));
    }

    private EntryRing Open(RingOptions? options = null) => EntryRing.Open(_folder.Path, options ?? RingOptions.Default, RingLock.TryTake(_folder.Path)!);

    private static void Append(EntryRing ring, int from, int count)
    {
        for (var i = from; i < from + count; i++)
            Assert.True(ring.Append(TestEntry.Of(i)));
    }

    private static IReadOnlyList<int> Numbers(int from, int count) => [.. Enumerable.Range(from, count)];

    private static List<int> Read(EntryRing ring, long from)
    {
        var all = new List<int>();
        while (true)
        {
            var bytes = new ArrayBufferWriter<byte>();
            var batch = ring.Read(from, 1000, bytes);
            if (batch.Count == 0)
                return all;
            all.AddRange(TestEntry.Read(bytes.WrittenSpan));
            from = batch.First + batch.Count;
        }
    }

    private static (RingBatch Batch, int Bytes) Batch(EntryRing ring, long from, int maxBytes)
    {
        var bytes = new ArrayBufferWriter<byte>();
        return (ring.Read(from, maxBytes, bytes), bytes.WrittenCount);
    }
}

/// <summary>Entries that carry a number of their own.</summary>
internal static class TestEntry
{
    public static AgentEntry Of(int number, string reason = "") => new(DateTimeOffset.UnixEpoch.AddSeconds(number), Gc: new GcEvent
    {
        Host = "h",
        Process = "p",
        Pid = number,
        Runtime = GcRuntime.Dotnet,
        Collector = ".NET",
        At = TimeSpan.Zero,
        Kind = GcKind.Gen0,
        Reason = reason,
        Pause = TimeSpan.Zero,
        Duration = TimeSpan.Zero,
    });

    public static IReadOnlyList<int> Read(ReadOnlySpan<byte> items)
    {
        using var list = JsonDocument.Parse((byte[])[.. "["u8, .. items, .. "]"u8]);
        return [.. list.RootElement.EnumerateArray().Select(e => e.Deserialize(FrameJson.Default.AgentEntry)!.Gc!.Pid)];
    }
}
