using System.IO.Compression;
using System.Text;

namespace Pressure.TrafficCopy.Tests;

public class PcapTests
{
    private static readonly List<Frame> Talk = new TalkBuilder().Open().Client("GET / HTTP/1.1\r\n\r\n").Server(new string('x', 10_000)).Close().Frames;
    private static readonly byte[] Plain = new PcapBuilder().Packets(Talk).ToArray();

    public static MatrixTheoryData<bool, bool, bool> Kinds { get; } = new([true, false], [true, false], [true, false]);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_packet_is_read_in_both_byte_orders_and_resolutions_packed_or_not(bool nanoseconds, bool big, bool packed)
    {
        var file = new PcapBuilder(LinkType.LinuxSll2, nanoseconds, big).Packets(Talk).ToArray();

        var (outcome, list, accounts) = PacketList.Of(packed ? Packed(file) : file);

        Assert.Equal((CaptureFormat.Pcap, true, Talk.Count, file.Length), (outcome.Format, outcome.IsComplete, outcome.Packets, outcome.Bytes));
        Same(Talk, list);
        Assert.All(list.Packets, p => Assert.Equal(LinkType.LinuxSll2, p.Link));
        Assert.Equal(0, accounts[Happening.TimeWentBack]);
    }

    [Fact]
    public void What_the_snap_length_cut_has_its_length_on_the_wire()
    {
        var (outcome, list, _) = PacketList.Of(new PcapBuilder().Packet(1, new byte[96], length: 1514).Packet(2, [], length: 60).Packet(3, new byte[60], length: 4).ToArray());

        Assert.True(outcome.IsComplete);
        Assert.Equal([(96, 1514L), (0, 60L), (60, 4L)], list.Packets.Select(p => (p.Data.Length, p.Length)));
    }

    [Fact]
    public void A_file_whose_frames_have_their_checksums_is_of_the_same_link()
    {
        var withChecksums = (LinkType)((uint)LinkType.Ethernet | 4u << 28 | 1u << 26);

        Assert.Equal(LinkType.Ethernet, PacketList.Of(new PcapBuilder(withChecksums).Packet(1, [1]).ToArray()).List.Packets.Single().Link);
    }

    [Fact]
    public void A_time_that_runs_backwards_is_counted_and_kept()
    {
        var (_, list, accounts) = PacketList.Of(new PcapBuilder().Packet(30, [1]).Packet(10, [2]).Packet(20, [3]).ToArray());

        Assert.Equal([30L, 10, 20], list.Packets.Select(p => p.At));
        Assert.Equal(1, accounts[Happening.TimeWentBack]);
    }

    [Fact]
    public void A_file_put_behind_another_is_read_on()
    {
        var (outcome, list, _) = PacketList.Of([.. Plain, .. Plain]);

        Assert.True(outcome.IsComplete);
        Same([.. Talk, .. Talk], list);
    }

    [Fact]
    public void Packed_parts_put_behind_one_another_are_one_file()
    {
        var (outcome, list, _) = PacketList.Of([.. Packed(Plain[..1_000]), .. Packed(Plain[1_000..])]);

        Assert.True(outcome.IsComplete);
        Same(Talk, list);
    }

    [Fact]
    public void A_file_cut_anywhere_is_read_as_far_as_it_is_whole_and_says_so()
    {
        var ends = Talk.Aggregate(new List<int> { 24 }, (all, f) => [.. all, all[^1] + 16 + f.Data.Length]);
        for (var kept = 24; kept < Plain.Length; kept++)
        {
            var (outcome, list, _) = PacketList.Of(Plain[..kept]);

            Same(Talk[..(ends.FindLastIndex(e => e <= kept))], list);
            if (ends.Contains(kept))
                Assert.True(outcome.IsComplete);
            else
                Assert.Equal(ends.FindLast(e => e < kept), Assert.Single(outcome.Problems).Offset);
        }
        Assert.Equal(
            "x.pcap, byte 24: the file ends within a packet of 70 bytes, of which 66 are there. Everything before it was read. Capturing was cut off, or the file was copied before it was whole: copy it again, or take it as it is.",
            PacketList.Of(Plain[..90]).Outcome.Problems.Single().ToString());
    }

    [Fact]
    public void A_packed_file_cut_anywhere_is_read_as_far_as_it_can_be_unpacked()
    {
        var packed = Packed(Plain);
        for (var kept = 20; kept < packed.Length - 8; kept += 7)
        {
            var (outcome, list, _) = PacketList.Of(packed[..kept]);

            Assert.False(outcome.IsComplete, $"{kept} of {packed.Length}: {list.Packets.Count} of {Talk.Count}");
            Same(Talk[..list.Packets.Count], list);
        }
        Assert.NotEmpty(PacketList.Of(packed[..(packed.Length * 3 / 4)]).List.Packets);
    }

    [Theory]
    [InlineData("", "it is empty.")]
    [InlineData("GET / HTTP/1.1", "it is no capture (it begins with 474554202F20).")]
    [InlineData("BZh91AY", "it is packed with bzip2; unpack it first.")]
    [InlineData("snoop\0\0\0", "it is a snoop file; convert it first: editcap -F pcapng.")]
    [InlineData("\n", "it is no capture (it begins with 0A).")]
    public void What_is_no_capture_is_said_to_be_none(string text, string what)
    {
        var outcome = PacketList.Of(Encoding.Latin1.GetBytes(text)).Outcome;

        var problem = Assert.Single(outcome.Problems);
        Assert.Equal((CaptureFormat.Unknown, what, "x.pcap"), (outcome.Format, problem.What, problem.File));
        Assert.Contains("tcpdump -w", problem.Remedy);
    }

    [Fact]
    public void What_cannot_be_opened_is_said()
    {
        var (list, accounts) = (new PacketList(), new CaptureAccounts());

        Assert.Contains("can't be opened", CaptureFileReader.Read("/nowhere/x.pcap", list, accounts).Problems.Single().What);
        Assert.Contains("can't be opened", CaptureFileReader.Read("/", list, accounts).Problems.Single().What);
    }

    [Fact]
    public void Another_version_is_refused()
    {
        var file = Plain.ToArray();
        file[4] = 7;

        Assert.Contains("version 7", PacketList.Of(file).Outcome.Problems.Single().What);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_a_damaged_length_the_next_packets_are_found(bool big)
    {
        var damaged = new PcapBuilder(big: big).Packets(Talk[..4]).Packet(Talk[4].At, Talk[4].Data, captured: 0x7FFFFFFF).Packets(Talk[5..]).ToArray();

        var (outcome, list, _) = PacketList.Of(damaged);

        Same([.. Talk[..4], .. Talk[5..]], list);
        Assert.Contains("2,147,483,647 bytes long", outcome.Problems.Single().What);
        Assert.Contains("up to the next packet", outcome.Problems.Single().Remedy);
    }

    [Fact]
    public void Rubbish_between_packets_is_passed_over()
    {
        byte[] rubbish = [.. Enumerable.Repeat((byte)0xEE, 100_003)];

        var (outcome, list, _) = PacketList.Of(new PcapBuilder().Packets(Talk[..4]).Raw(rubbish).Packets(Talk[4..]).ToArray());

        Same(Talk, list);
        Assert.Contains("100,003 bytes were passed over", outcome.Problems.Single().Remedy);
    }

    [Fact]
    public void Zeros_at_the_end_are_no_packets()
    {
        var (outcome, list, _) = PacketList.Of([.. Plain, .. new byte[1_000_000]]);

        Same(Talk, list);
        Assert.Contains("only zeros", outcome.Problems.Single().What);
        Assert.Equal(Plain.Length + 1_000_000, outcome.Bytes);
    }

    [Fact]
    public void A_fraction_beyond_a_second_is_said_once_and_packets_are_read()
    {
        var file = new PcapBuilder(nanoseconds: true).Packets(Talk).ToArray();
        // Says microseconds and counts nanoseconds.
        file[0] = 0xD4;
        file[1] = 0xC3;
        file[2] = 0xB2;
        for (var at = 24; at < file.Length; at += 16 + BitConverter.ToInt32(file, at + 8))
            file[at + 6] = 0xFF;

        var (outcome, list, _) = PacketList.Of(file);

        Assert.Equal(Talk.Count, list.Packets.Count);
        Assert.Single(outcome.Problems);
    }

    [Fact]
    public void Told_to_stop_it_stops_without_a_complaint()
    {
        using var stop = new CancellationTokenSource();
        var (list, accounts) = (new PacketList(), new CaptureAccounts());
        var options = new CaptureReadOptions { Stop = stop.Token, Progress = read => stop.Cancel() };

        var outcome = CaptureFileReader.Read(new MemoryStream(new PcapBuilder().Packets(Enumerable.Repeat(Talk[4], 1_000)).ToArray()), "x", list, accounts, options);

        Assert.Equal((true, false, 0), (outcome.Stopped, outcome.IsComplete, outcome.Problems.Count));
        Assert.InRange(outcome.Packets, 1, 999);
    }

    [Fact]
    public void Progress_tells_how_much_of_the_file_itself_was_read()
    {
        var packed = Packed(new PcapBuilder().Packets(Enumerable.Repeat(Talk[4], 10_000)).ToArray());
        var told = new List<long>();

        CaptureFileReader.Read(new MemoryStream(packed), "x", new PacketList(), new CaptureAccounts(), new CaptureReadOptions { Progress = told.Add });

        Assert.Equal(told.Order(), told);
        Assert.Equal(packed.Length, told[^1]);
    }

    [Fact]
    public void A_stream_that_gives_little_at_a_time_is_read_the_same()
    {
        var (list, accounts) = (new PacketList(), new CaptureAccounts());

        CaptureFileReader.Read(new Drip(Plain, 7), "x", list, accounts);

        Same(Talk, list);
    }

    [Fact]
    public void Reading_and_decoding_takes_the_same_memory_for_any_number_of_packets()
    {
        Assert.InRange(Bytes(2_000) - Bytes(1), -10_000, 10_000);

        static long Bytes(int times) => Allocated.By(() =>
        {
            var accounts = new CaptureAccounts();
            CaptureFileReader.Read(new Again(Plain[..24], Plain[24..], times), "x", new PacketDecoder(new Counting(accounts), accounts), accounts);
            Assert.Equal(Talk.Count * times, accounts[PacketFate.Used]);
        });
    }

    internal static byte[] Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    internal static void Same(IReadOnlyList<Frame> frames, PacketList list)
    {
        Assert.Equal(frames.Select(f => (f.At, (long)f.Length)), list.Packets.Select(p => (p.At, p.Length)));
        Assert.All(list.Packets.Zip(frames), p => Assert.Equal(p.Second.Data, p.First.Data));
    }

    private sealed class Drip(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(most, buffer.Length)]);
    }

    private sealed class Counting(CaptureAccounts accounts) : ISegmentSink
    {
        public void Take(in TcpSegment segment) => accounts.Count(PacketFate.Used);
    }

    // A file that goes on and on without being anywhere.
    private sealed class Again(byte[] head, byte[] body, int times) : MemoryStream
    {
        private long _at;

        public override int Read(Span<byte> buffer)
        {
            if (_at == head.Length + (long)body.Length * times)
                return 0;
            var part = _at < head.Length ? head.AsSpan((int)_at) : body.AsSpan((int)((_at - head.Length) % body.Length));
            var read = Math.Min(part.Length, buffer.Length);
            part[..read].CopyTo(buffer);
            _at += read;
            return read;
        }
    }
}
