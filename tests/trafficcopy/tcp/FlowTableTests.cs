namespace Pressure.TrafficCopy.Tests;

public class FlowTableTests
{
    [Fact]
    public void A_connection_is_found_from_both_sides()
    {
        var table = new FlowTable();
        var connection = Connection(Key(1));
        table.Add(connection);

        Assert.Same(connection, table.Find(Key(1), out var isForward));
        Assert.True(isForward);
        Assert.Same(connection, table.Find(Key(1).Reversed, out isForward));
        Assert.False(isForward);
        Assert.Null(table.Find(Key(2), out _));
        Assert.Null(table.Find(Key(1) with { Network = 5 }, out _));
    }

    [Fact]
    public void It_holds_what_a_dictionary_holds() => ReassemblyPropertyTests.ForAll(seed =>
    {
        var (random, table, model) = (new Random(seed), new FlowTable(), new Dictionary<FlowKey, TcpConnection>());
        for (var i = 0; i < 4_000; i++)
        {
            var key = Key(random.Next(1_500));
            Assert.Same(model.GetValueOrDefault(key), table.Find(random.Next(2) == 0 ? key : key.Reversed, out _));
            if (model.Remove(key, out var known))
            {
                table.Remove(known);
            }
            else
            {
                model.Add(key, Connection(key));
                table.Add(model[key]);
            }
        }
        Assert.Equal(model.Count, table.Count);
        Assert.All(model, p => Assert.Same(p.Value, table.Find(p.Key, out _)));
    }, 10);

    private static FlowKey Key(int n) => SegmentBuilder.Key($"10.0.{n >> 8}.{n & 255}", 40_000 + n, "10.9.0.2", 80);

    private static TcpConnection Connection(in FlowKey key)
    {
        var connection = new TcpConnection();
        connection.Begin(1, key, 0, true);
        return connection;
    }
}
