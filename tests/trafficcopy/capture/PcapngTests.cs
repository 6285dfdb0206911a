namespace Pressure.TrafficCopy.Tests;

public class PcapngTests
{
    private const ulong Micro = 1_767_225_600_000_000;

    private static readonly byte[] Data = PacketBuilder.TcpFrame("10.0.0.1:1", "10.0.0.2:2", payload: "hello"u8);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_kind_of_packet_block_is_read_in_both_byte_orders(bool big)
    {
        var file = new PcapngBuilder().Section(big).Interface().Packet(Micro, Data, length: 1514).Old(Micro + 1, Data).Simple(Data, Data.Length).ToArray();

        var (outcome, list, _) = PacketList.Of(file);

        Assert.Equal((CaptureFormat.PcapNg, true, 3, file.Length), (outcome.Format, outcome.IsComplete, outcome.Packets, outcome.Bytes));
        Assert.Equal([TalkBuilder.Start, TalkBuilder.Start + 1_000, TalkBuilder.Start + 1_000], list.Packets.Select(p => p.At));
        Assert.Equal([1514L, Data.Length, Data.Length], list.Packets.Select(p => p.Length));
        Assert.All(list.Packets, p => Assert.Equal(Data, p.Data));
    }

    [Fact]
    public void Sections_have_byte_orders_and_interfaces_of_their_own()
    {
        var file = new PcapngBuilder()
            .Section().Interface().Interface(LinkType.LinuxSll2).Packet(1, Data, @interface: 1).Packet(2, Data)
            .Section(big: true).Interface(LinkType.Raw).Packet(3, Data)
            .Section().Interface(LinkType.Null).Packet(4, Data).Packet(5, Data, @interface: 1).ToArray();

        var (outcome, list, _) = PacketList.Of(file);

        Assert.Equal([LinkType.LinuxSll2, LinkType.Ethernet, LinkType.Raw, LinkType.Null, (LinkType)(-1)], list.Packets.Select(p => p.Link));
        Assert.Contains("interface 1", outcome.Problems.Single().What);
    }

    [Theory]
    [InlineData(null, 1_500_000_000_123_456, 1_500_000_000_123_456_000)]
    [InlineData((byte)3, 1_500_000_000_123, 1_500_000_000_123_000_000)]
    [InlineData((byte)0, 1_500_000_000, 1_500_000_000_000_000_000)]
    [InlineData((byte)9, 1_500_000_000_123_456_789, 1_500_000_000_123_456_789)]
    [InlineData((byte)10, 15_000_000_001_234_567_891, 1_500_000_000_123_456_789)]
    [InlineData((byte)12, 15_000_000_001_234_567_891, 15_000_000_001_234_567)]
    [InlineData((byte)127, ulong.MaxValue, 0)]
    [InlineData((byte)0x80, 1_500_000_000, 1_500_000_000_000_000_000)]
    [InlineData((byte)(0x80 | 20), (1_500_000_000UL << 20) + (1 << 19), 1_500_000_000_500_000_000)]
    [InlineData((byte)0xFF, ulong.MaxValue, 0)]
    [InlineData((byte)0, ulong.MaxValue, long.MaxValue)]
    public void Times_are_in_the_interfaces_units(byte? resolution, ulong units, long nanoseconds)
    {
        var (_, list, _) = PacketList.Of(new PcapngBuilder().Section().Interface(resolution: resolution).Packet(units, Data).ToArray());

        Assert.Equal(nanoseconds, list.Packets.Single().At);
    }

    [Theory]
    [InlineData(3_600, 3_601_000_000_000)]
    [InlineData(-1, 0)]
    [InlineData(-2, 0)]
    [InlineData(long.MaxValue, long.MaxValue)]
    public void Times_are_shifted_by_the_interfaces_offset(long offset, long nanoseconds)
    {
        var (_, list, _) = PacketList.Of(new PcapngBuilder().Section().Interface(offset: offset).Packet(1_000_000, Data).ToArray());

        Assert.Equal(nanoseconds, list.Packets.Single().At);
    }

    [Fact]
    public void A_simple_packet_is_cut_at_the_first_interfaces_snap_length()
    {
        var (_, list, _) = PacketList.Of(new PcapngBuilder().Section().Interface(snap: 20).Simple(Data[..20], 1514).ToArray());

        Assert.Equal((20, 1514L), (list.Packets.Single().Data.Length, list.Packets.Single().Length));
    }

    [Fact]
    public void Unknown_blocks_are_passed_over()
    {
        var (outcome, list, _) = PacketList.Of(new PcapngBuilder().Section().Interface()
            .Block(0x7777, new byte[40]).Packet(1, Data).Block(4, new byte[2_000_000]).Packet(2, Data).Block(0x0BAD, [0, 0, 0, 1]).ToArray());

        Assert.True(outcome.IsComplete);
        Assert.Equal(2, list.Packets.Count);
    }

    [Fact]
    public void Dropped_packets_are_told_by_the_last_statistics_of_each_interface()
    {
        var (_, _, accounts) = PacketList.Of(new PcapngBuilder()
            .Section().Interface().Interface().Statistics(3).Statistics(5, bySystem: 2).Statistics(10, @interface: 1)
            .Section(big: true).Interface().Old(1, Data, drops: 4).Old(1, Data, drops: 0xFFFF).Statistics(1).ToArray());

        Assert.Equal(5 + 2 + 10 + 4, accounts[Happening.DroppedByCapture]);
    }

    [Fact]
    public void More_drops_than_can_be_counted_are_the_most_that_can()
    {
        var file = new PcapngBuilder();
        for (var section = 0; section < 9_000; section++)
            file = file.Section().Interface().Statistics(ulong.MaxValue);

        Assert.Equal(long.MaxValue, PacketList.Of(file.ToArray()).Accounts[Happening.DroppedByCapture]);
    }

    [Fact]
    public void Drops_noted_on_packets_are_counted()
    {
        var builder = new PcapngBuilder().Section().Interface();
        byte[] packet = [0, 0, 0, 0, .. new byte[8], 4, 0, 0, 0, 4, 0, 0, 0, 1, 2, 3, 4, .. builder.Option(4, BitConverter.GetBytes(9L))];

        var (outcome, list, accounts) = PacketList.Of(builder.Block(6, packet).ToArray());

        Assert.True(outcome.IsComplete);
        Assert.Equal([1, 2, 3, 4], list.Packets.Single().Data);
        Assert.Equal(9, accounts[Happening.DroppedByCapture]);
    }

    [Fact]
    public void Key_logs_are_handed_over_and_other_secrets_are_not()
    {
        var (outcome, list, _) = PacketList.Of(new PcapngBuilder().Section().Secrets("CLIENT_RANDOM 00 11\n").Secrets("wireguard", 0x57474B4C).ToArray());

        Assert.True(outcome.IsComplete);
        Assert.Equal(["CLIENT_RANDOM 00 11\n"], list.Secrets);
    }

    [Fact]
    public void Key_logs_of_many_megabytes_come_in_pieces_of_whole_lines()
    {
        var text = string.Concat(Enumerable.Range(0, 50_000).Select(i => $"CLIENT_RANDOM {i:X64} {i:X32}\n"));

        var (outcome, list, _) = PacketList.Of(new PcapngBuilder().Section().Interface().Secrets(text).Packet(1, Data).ToArray());

        Assert.True(outcome.IsComplete);
        Assert.Equal(text, string.Concat(list.Secrets));
        Assert.All(list.Secrets, piece => Assert.EndsWith("\n", piece));
        Assert.True(list.Secrets.Count > 3);
        Assert.Single(list.Packets);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(8u)]
    [InlineData(61u)]
    [InlineData(0x00FFFFF0u)]
    [InlineData(0xFFFFFFF0u)]
    public void After_a_block_of_an_absurd_length_the_next_block_is_found(uint length)
    {
        var builder = new PcapngBuilder().Section().Interface().Packet(1, Data);
        var at = builder.Length;
        var file = builder.Packet(2, Data).Packet(3, Data).ToArray();
        BitConverter.TryWriteBytes(file.AsSpan(at + 4), length);

        var (outcome, list, _) = PacketList.Of(file);

        Assert.Equal([1_000L, 3_000L], list.Packets.Select(p => p.At));
        var problem = Assert.Single(outcome.Problems);
        Assert.Equal(at, problem.Offset);
        Assert.Contains("is said to be", problem.What);
    }

    [Fact]
    public void A_block_that_ends_with_another_length_is_passed_over()
    {
        var builder = new PcapngBuilder().Section(big: true).Interface().Packet(1, Data).Packet(2, Data);
        var file = builder.ToArray();
        file[^1] ^= 4;

        var (outcome, list, _) = PacketList.Of(new PcapngBuilder().Raw(file).Section().Interface().Packet(3, Data).ToArray());

        Assert.Equal([1_000L, 3_000L], list.Packets.Select(p => p.At));
        Assert.Single(outcome.Problems);
    }

    [Fact]
    public void A_packet_longer_than_its_block_is_passed_over()
    {
        var (outcome, list, _) = PacketList.Of(new PcapngBuilder().Section().Interface().Packet(1, Data, captured: 10_000).Packet(2, Data).ToArray());

        Assert.Single(list.Packets);
        Assert.Contains("contradicts itself", outcome.Problems.Single().What);
    }

    [Fact]
    public void A_section_of_another_version_is_passed_over()
    {
        var (outcome, list, _) = PacketList.Of(new PcapngBuilder().Section(major: 2).Interface().Packet(1, Data).Section().Interface().Packet(2, Data).ToArray());

        Assert.Equal(2_000, list.Packets.Single().At);
        Assert.Contains("version 2", outcome.Problems.Single().What);
    }

    [Fact]
    public void A_file_cut_anywhere_is_read_as_far_as_it_is_whole_and_says_so()
    {
        var builder = new PcapngBuilder().Section().Interface();
        List<int> ends = [28, builder.Length];
        for (var i = 0; i < 5; i++)
            ends.Add(builder.Packet((ulong)i, Data).Length);
        var file = builder.ToArray();
        for (var kept = 12; kept < file.Length; kept++)
        {
            var (outcome, list, _) = PacketList.Of(file[..kept]);

            Assert.Equal(Math.Max(0, ends.FindLastIndex(e => e <= kept) - 1), list.Packets.Count);
            Assert.Equal(ends.Contains(kept), outcome.IsComplete);
        }
    }

    [Fact]
    public void Interfaces_without_end_are_not_kept()
    {
        var builder = new PcapngBuilder().Section();
        var one = new PcapngBuilder().Section().Interface().ToArray()[28..];
        builder.Raw([.. Enumerable.Repeat(one, 70_000).SelectMany(b => b)]);

        var (outcome, _, _) = PacketList.Of(builder.ToArray());

        Assert.Equal((CaptureFileOutcome.MostProblems, 70_000 - 65_536 - CaptureFileOutcome.MostProblems), (outcome.Problems.Count, outcome.FurtherProblems));
    }
}
