using System.Text;

namespace Pressure.TrafficCopy.Tests;

/// <summary>A reassembler with its accounts, and what it told of its connections: <c>C:text S:text C-3 C. end:Closed</c>.</summary>
internal sealed class ReassemblyRun : IConversationOpener
{
    private readonly Reassembler _reassembler;

    public ReassemblyRun(AskedServers? asked = null, ReassemblyLimits? limits = null) => _reassembler = new Reassembler(this, Accounts, asked, limits);

    public CaptureAccounts Accounts { get; } = new();

    public Reassembler Reassembler => _reassembler;

    public List<HeardConversation> Heard { get; } = [];

    /// <summary>The only connection's story.</summary>
    public string Story => Assert.Single(Heard).Story;

    public static ReassemblyRun Of(params IEnumerable<BuiltSegment> segments) => new ReassemblyRun().Take(segments).Flush();

    public ReassemblyRun Take(params IEnumerable<BuiltSegment> segments)
    {
        foreach (var segment in segments)
        {
            Accounts.Packets++;
            _reassembler.Take(segment.ToSegment());
            Assert.True(Accounts.IsBalanced, $"The law is broken after {segment}");
        }
        return this;
    }

    /// <summary>What became of the last packet.</summary>
    public PacketFate FateOf(BuiltSegment segment)
    {
        var before = Enum.GetValues<PacketFate>().ToDictionary(f => f, f => Accounts[f]);
        Take(segment);
        return Assert.Single(before, f => Accounts[f.Key] != f.Value).Key;
    }

    public ReassemblyRun Flush()
    {
        _reassembler.Flush();
        Assert.True(Accounts.IsBalanced);
        Assert.Equal(0, Accounts[ByteFate.Held]);
        Assert.Equal(0, _reassembler.HeldMemory);
        Assert.Equal(0, _reassembler.Connections);
        Assert.All(Heard, h => Assert.NotNull(h.Ended));
        return this;
    }

    public IConversation Open(in ConversationStart start)
    {
        var heard = new HeardConversation(start);
        Heard.Add(heard);
        return heard;
    }
}

/// <summary>What was heard of one connection.</summary>
internal sealed class HeardConversation(ConversationStart start) : IConversation
{
    private readonly StringBuilder _story = new();
    private Side? _speaking;

    public ConversationStart Start { get; } = start;

    public ConversationEnd? Ended { get; private set; }

    public string Story => _story.ToString().Trim();

    /// <summary>Each side's bytes, with its gaps: position and length.</summary>
    public Dictionary<Side, List<byte>> Bytes { get; } = new() { [Side.Client] = [], [Side.Server] = [] };

    public Dictionary<Side, List<(int Position, long Length)>> Gaps { get; } = new() { [Side.Client] = [], [Side.Server] = [] };

    public void Take(Side from, ReadOnlySpan<byte> bytes, long at)
    {
        Assert.Null(Ended);
        Assert.False(bytes.IsEmpty);
        if (_speaking != from)
            _story.Append(from == Side.Client ? " C:" : " S:");
        _speaking = from;
        _story.Append(Encoding.Latin1.GetString(bytes));
        Bytes[from].AddRange(bytes);
    }

    public void Miss(Side from, long bytes, long at)
    {
        Assert.True(bytes > 0);
        Say($"{(from == Side.Client ? 'C' : 'S')}-{bytes}");
        Gaps[from].Add((Bytes[from].Count, bytes));
    }

    public void Finish(Side from, long at) => Say(from == Side.Client ? "C." : "S.");

    public void End(ConversationEnd how, long at)
    {
        Say($"end:{how}");
        Ended = how;
    }

    private void Say(string what)
    {
        Assert.Null(Ended);
        _story.Append(' ').Append(what);
        _speaking = null;
    }
}
