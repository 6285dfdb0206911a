namespace Pressure.TrafficCopy.Tests;

public class ConnectionSheddingTests
{
    private readonly CaptureAccounts _accounts = new();
    private readonly SegmentList _list;
    private readonly ConnectionShedding _shedding;
    private readonly PacketDecoder _decoder;

    public ConnectionSheddingTests()
    {
        _list = new SegmentList(_accounts);
        _shedding = new ConnectionShedding(_list, _accounts);
        _decoder = new PacketDecoder(_shedding, _accounts);
    }

    private void Talk(int connections)
    {
        for (var i = 0; i < connections; i++)
        {
            var talk = new TalkBuilder($"10.0.{i / 200}.{i % 200 + 1}:{40_000 + i}", "10.9.9.9:80").Open().Client("hello").Server("you").Close();
            foreach (var frame in talk.Frames)
                _decoder.Take(new CapturedPacket(frame.At, LinkType.Ethernet, frame.Data, frame.Length));
        }
    }

    [Theory]
    [InlineData(0, 1_000, 1_000)]
    [InlineData(1, 400, 600)]
    [InlineData(3, 80, 180)]
    [InlineData(6, 5, 40)]
    public void Connections_are_kept_whole_or_not_at_all_and_the_rest_is_counted(int halvings, int least, int most)
    {
        _shedding.Halvings = halvings;
        Talk(1_000);

        var kept = _list.Segments.GroupBy(s => s.Flow.FromPort == 80 ? s.Flow.ToPort : s.Flow.FromPort).ToList();
        Assert.InRange(kept.Count, least, most);
        Assert.All(kept, c => Assert.Equal(8, c.Count()));
        Assert.Equal(8 * (1_000 - kept.Count), _accounts[PacketFate.Shed]);
        Assert.Equal(8 * (1_000 - kept.Count), _accounts[ByteFate.Shed]);
        Assert.Equal(8_000, _accounts.Packets);
    }

    [Fact]
    public void Halved_again_it_keeps_some_of_those_that_it_kept_before()
    {
        _shedding.Halvings = 2;
        Talk(500);
        var before = _list.Segments.Select(s => s.Flow).ToHashSet();
        _list.Segments.Clear();
        _shedding.Halvings = 4;
        Talk(500);

        Assert.NotEmpty(_list.Segments);
        Assert.All(_list.Segments, s => Assert.Contains(s.Flow, before));
    }
}
