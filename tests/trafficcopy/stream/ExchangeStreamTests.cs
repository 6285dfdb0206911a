using FsCheck;
using FsCheck.Fluent;

namespace Pressure.TrafficCopy.Tests;

/// <summary>Exchanges on their way from an agent: nothing is lost or doubled by what the way does, and nothing that comes from there is trusted.</summary>
public sealed class ExchangeStreamTests
{
    [Fact]
    public void What_goes_in_comes_out_in_pieces_of_any_length()
    {
        var pieces = Gen.Choose(1, 5_000).NonEmptyListOf().Select(l => l.ToList()).ToArbitrary();
        Prop.ForAll(pieces, lengths =>
        {
            var (writer, taken) = (new ExchangeStreamWriter(1 << 20), new Taken());
            var put = Fill(writer, 300);
            writer.Complete();
            FetchAll(writer, new ExchangeStreamReader(taken), lengths);
            Assert.Equal(put, taken.Exchanges);
            Assert.Equal(Enumerable.Range(1, 7).Select(c => (long)c), taken.Ended);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));
    }

    [Fact]
    public void Packed_it_is_the_same_and_shorter()
    {
        var (plain, packed) = (new ExchangeStreamWriter(1 << 20), new ExchangeStreamWriter(1 << 20, pack: true));
        var put = Fill(plain, 300);
        Fill(packed, 300);
        var taken = new Taken();
        var bytes = packed.Fetch(0, int.MaxValue)!;
        new ExchangeStreamReader(taken).Take(bytes);
        Assert.Equal(put, taken.Exchanges);
        Assert.True(bytes.Length < plain.Fetch(0, int.MaxValue)!.Length / 2);
    }

    [Fact]
    public void What_was_lost_on_the_way_is_fetched_again_and_what_has_arrived_is_forgotten()
    {
        var writer = new ExchangeStreamWriter(1 << 20);
        Fill(writer, 400);
        var first = writer.Fetch(0, 100)!;
        Assert.Equal(first, writer.Fetch(0, 100));
        var rest = writer.Fetch(100, int.MaxValue)!;
        Assert.Equal(rest[50..150], writer.Fetch(150, 100));
        Assert.NotNull(writer.Fetch(writer.End, 100));
        Assert.Equal(0, writer.Waiting);
        Assert.Null(writer.Fetch(0, 100));
        Assert.Null(writer.Fetch(writer.End + 1, 100));
    }

    [Fact]
    public void Without_room_the_newest_are_dropped_and_counted_and_ends_are_not()
    {
        var (writer, taken) = (new ExchangeStreamWriter(20_000), new Taken());
        Fill(writer, 300);
        new ExchangeStreamReader(taken).Take(writer.Fetch(0, int.MaxValue));
        Assert.Equal(300, taken.Exchanges.Count + writer.Dropped);
        Assert.InRange(taken.Exchanges.Count, 60, 150);
        Assert.Equal(7, taken.Ended.Count);
        Assert.True(writer.Waiting <= 20_000);
    }

    [Fact]
    public void A_very_long_exchange_is_cut_and_marked()
    {
        var (writer, taken) = (new ExchangeStreamWriter(64 << 20), new Taken());
        var long1 = Exchanges.Get(1, 0, 0);
        long1.Response = new(long1.Response.Head, new byte[8 << 20], 8 << 20);
        writer.Take(long1);
        new ExchangeStreamReader(taken).Take(writer.Fetch(0, int.MaxValue));
        Assert.Contains($"|{(int)ExchangeMarks.ResponseCut}|", Assert.Single(taken.Exchanges));
    }

    [Fact]
    public void Whatever_else_comes_is_refused_and_never_more_than_a_record_is_kept()
    {
        var writer = new ExchangeStreamWriter(1 << 20);
        Fill(writer, 60);
        var good = writer.Fetch(0, int.MaxValue)!;
        var wild = Gen.OneOf(
            Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf(),
            from at in Gen.Choose(0, good.Length - 1) from bit in Gen.Choose(0, 7) select Changed(good, at, bit),
            // Records that are right on the outside.
            Gen.Choose(0, 255).Select(b => (byte)b).NonEmptyListOf().Select(b => Record([.. b])),
            from at in Gen.Choose(0, good.Length - 9) from bit in Gen.Choose(0, 7) select Record(Changed(good[8..], at, bit)));
        Prop.ForAll(wild.ToArbitrary(), bytes =>
        {
            try
            {
                new ExchangeStreamReader(new Taken()).Take(bytes);
            }
            catch (InvalidDataException)
            {
                // As it ought to be.
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    [InlineData(0)]
    public void An_absurd_length_is_refused_at_once(int length)
    {
        var header = new byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(header, length);
        Assert.Throws<InvalidDataException>(() => new ExchangeStreamReader(new Taken()).Take(header));
    }

    private static List<string> Fill(ExchangeStreamWriter writer, int count)
    {
        var put = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var exchange = Exchanges.Get(i % 7 + 1, i / 7, i * 1_000L);
            put.Add(Exchanges.Text(exchange));
            writer.Take(exchange);
        }

        for (var connection = 1; connection <= 7; connection++)
            writer.EndConnection(connection, Exchanges.Start);
        return put;
    }

    private static void FetchAll(ExchangeStreamWriter writer, ExchangeStreamReader reader, List<int> lengths)
    {
        for (var i = 0; !writer.IsOver(reader.Taken); i++)
            reader.Take(writer.Fetch(reader.Taken, lengths[i % lengths.Count]));
    }

    private static byte[] Changed(byte[] bytes, int at, int bit)
    {
        var changed = bytes.ToArray();
        changed[at] ^= (byte)(1 << bit);
        return changed;
    }

    private static byte[] Record(byte[] payload)
    {
        var record = new byte[8 + payload.Length];
        LogFormat.WriteHeader(record, payload);
        payload.CopyTo(record, 8);
        return record;
    }

    private sealed class Taken : IExchangeSink
    {
        public List<string> Exchanges { get; } = [];

        public List<long> Ended { get; } = [];

        public void Take(CapturedExchange exchange) => Exchanges.Add(Tests.Exchanges.Text(exchange));

        public void EndConnection(long connection, long at) => Ended.Add(connection);
    }
}
