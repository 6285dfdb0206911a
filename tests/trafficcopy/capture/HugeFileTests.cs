namespace Pressure.TrafficCopy.Tests;

/// <summary>Files beyond 4 GiB: counts, places and memory are right where 32 bits would not do.</summary>
public class HugeFileTests
{
    // As much of the processor's time as a test may take, and beyond 32 bits.
    private const long FiveGibibytes = 5L << 30;

    // The largest packet that there can be, of a protocol that nobody looks into.
    private static readonly byte[] Large = new byte[262_144];

    private static TalkBuilder Talk(int port) => new TalkBuilder($"10.0.0.1:{port}").Open().Client("GET /a HTTP/1.1\r\nHost: x\r\n\r\n").Server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello").Close();

    [Fact]
    public void What_stands_beyond_four_gibibytes_of_pcap_is_read_and_damage_is_told_by_its_place()
    {
        var header = new PcapBuilder().ToArray();
        var piece = new PcapBuilder().Packet(TalkBuilder.Start, Large).ToArray()[24..];
        var times = FiveGibibytes / piece.Length;
        var first = new PcapBuilder().Packets(Talk(40_001).Frames).ToArray()[24..];
        var second = new PcapBuilder().Packets(Talk(40_002).Frames).ToArray()[24..];
        byte[] damage = [.. Enumerable.Repeat((byte)0xEE, 100)];

        var (outcome, accounts, allocated) = Read(new EndlessStream(header, piece, times, [.. first, .. damage, .. second]));

        Assert.Equal((times + 16, 2), (outcome.Packets, accounts[Happening.Exchange]));
        var problem = Assert.Single(outcome.Problems);
        Assert.Equal(24 + (piece.Length * times) + first.Length, problem.Offset);
        Assert.Contains("100 bytes were passed over", problem.Remedy, StringComparison.Ordinal);
        Assert.Equal(24 + (piece.Length * times) + first.Length + damage.Length + second.Length, outcome.Bytes);
        Assert.True(accounts.IsBalanced);
        Assert.True(allocated < 30_000_000, $"{allocated:N0} bytes were allocated");
    }

    [Fact]
    public void What_stands_beyond_four_gibibytes_of_pcapng_is_read_and_damage_is_told_by_its_place()
    {
        var header = new PcapngBuilder().Section().Interface(resolution: 9).ToArray();
        var piece = new PcapngBuilder().Packet(TalkBuilder.Start, Large).ToArray();
        var times = FiveGibibytes / piece.Length;
        var end = new PcapngBuilder();
        foreach (var frame in Talk(40_001).Frames)
            end.Packet((ulong)frame.At, frame.Data);
        var first = end.Length;
        end.Raw([.. Enumerable.Repeat((byte)0xEE, 100)]);
        foreach (var frame in Talk(40_002).Frames)
            end.Packet((ulong)frame.At, frame.Data);

        var (outcome, accounts, allocated) = Read(new EndlessStream(header, piece, times, end.ToArray()));

        Assert.Equal((times + 16, 2), (outcome.Packets, accounts[Happening.Exchange]));
        Assert.Equal(header.Length + (piece.Length * times) + first, Assert.Single(outcome.Problems).Offset);
        Assert.Equal(header.Length + (piece.Length * times) + end.Length, outcome.Bytes);
        Assert.True(accounts.IsBalanced);
        Assert.True(allocated < 30_000_000, $"{allocated:N0} bytes were allocated");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Gigabytes_of_zeros_are_passed_over_and_what_follows_is_read(bool isPcapng)
    {
        var header = isPcapng ? new PcapngBuilder().Section().Interface(resolution: 9).ToArray() : new PcapBuilder().ToArray();
        var end = isPcapng
            ? Talk(40_001).Frames.Aggregate(new PcapngBuilder(), (file, frame) => file.Packet((ulong)frame.At, frame.Data)).ToArray()
            : new PcapBuilder().Packets(Talk(40_001).Frames).ToArray()[24..];
        // So that the last zeros end anywhere within what is looked at in one piece.
        var times = (FiveGibibytes / Large.Length) + 1;

        var (outcome, accounts, _) = Read(new EndlessStream([.. header, .. new byte[7]], Large, times, end));

        Assert.Equal((8, 1), (outcome.Packets, accounts[Happening.Exchange]));
        var problem = Assert.Single(outcome.Problems);
        Assert.Equal(header.Length, problem.Offset);
        Assert.Contains($"{(Large.Length * times) + 7:N0} bytes were passed over", problem.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_zeros_to_its_end_has_nothing_more()
    {
        var (outcome, accounts, allocated) = Read(new EndlessStream([.. new PcapBuilder().Packets(Talk(40_001).Frames).ToArray()], Large, FiveGibibytes / Large.Length, []));

        Assert.Equal((8, 1), (outcome.Packets, accounts[Happening.Exchange]));
        Assert.Contains("up to its end", Assert.Single(outcome.Problems).Remedy, StringComparison.Ordinal);
        Assert.True(allocated < 30_000_000, $"{allocated:N0} bytes were allocated");
    }

    private static (CaptureFileOutcome Outcome, CaptureAccounts Accounts, long Allocated) Read(Stream file)
    {
        var accounts = new CaptureAccounts();
        var pipeline = CapturePipeline.ToExchanges(new CapturedRun(), accounts);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var outcome = CaptureFileReader.Read(file, "huge", pipeline, accounts);
        pipeline.Flush();
        return (outcome, accounts, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
