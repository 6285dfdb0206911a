namespace Pressure.TrafficCopy.Tests;

/// <summary>Exchanges of a capture's file.</summary>
internal sealed class CapturedRun : IExchangeSink
{
    public CaptureAccounts Accounts { get; } = new();

    public List<CapturedExchange> Exchanges { get; } = [];

    public static CapturedRun Of(string file)
    {
        var run = new CapturedRun();
        var pipeline = CapturePipeline.ToExchanges(run, run.Accounts);
        Assert.True(pipeline.Read(file).IsComplete);
        pipeline.Flush();
        return run;
    }

    /// <summary>What each connection of a file said, piece by piece.</summary>
    public static List<List<(Side From, byte[] Bytes, long At)>> Pieces(string file)
    {
        var heard = new Listener();
        var pipeline = new CapturePipeline(heard, new CaptureAccounts());
        pipeline.Read(file);
        pipeline.Flush();
        return heard.Heard;
    }

    /// <summary>Writes a file with packets left out here and there, and others in another order; how many were left out.</summary>
    public static int Thin(string file, string to, Random random, int every)
    {
        var packets = new Packets();
        CaptureFileReader.Read(file, packets, new CaptureAccounts());
        var kept = packets.All.Where(_ => random.Next(every) > 0).ToList();
        for (var i = 1; i < kept.Count; i++)
            if (random.Next(every) == 0)
                (kept[i - 1], kept[i]) = (kept[i], kept[i - 1]);
        var thin = new PcapBuilder();
        foreach (var (at, data) in kept)
            thin.Packet(at, data);
        File.WriteAllBytes(to, thin.ToArray());
        return packets.All.Count - kept.Count;
    }

    public void Take(CapturedExchange exchange) => Exchanges.Add(exchange.Keep());

    public void EndConnection(long connection, long at)
    {
    }

    private sealed class Packets : IPacketSink
    {
        public List<(long At, byte[] Data)> All { get; } = [];

        public void Take(in CapturedPacket packet) => All.Add((packet.At, packet.Data.ToArray()));
    }

    private sealed class Listener : IConversationOpener
    {
        public List<List<(Side, byte[], long)>> Heard { get; } = [];

        public IConversation Open(in ConversationStart start)
        {
            Heard.Add([]);
            return new Ear(Heard[^1]);
        }
    }

    private sealed class Ear(List<(Side, byte[], long)> pieces) : IConversation
    {
        public void Take(Side from, ReadOnlySpan<byte> bytes, long at) => pieces.Add((from, bytes.ToArray(), at));

        public void Miss(Side from, long bytes, long at)
        {
        }

        public void Finish(Side from, long at)
        {
        }

        public void End(ConversationEnd how, long at)
        {
        }
    }
}
