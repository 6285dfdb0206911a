namespace Pressure.Agent;

/// <summary>What TCP has done since boot, from <c>/proc/net/snmp</c> and <c>/proc/net/netstat</c>, and how its connections stand.</summary>
/// <param name="SegmentsOut">Segments sent, retransmits included.</param>
/// <param name="Retransmits">Segments sent again.</param>
/// <param name="ListenDrops">Connections refused by a listener.</param>
/// <param name="Open">Connections that are established or only wait to be closed on this side.</param>
/// <param name="TimeWait">Connections that are kept a while after their end.</param>
internal readonly record struct TcpCounters(ulong SegmentsOut, ulong Retransmits, ulong ListenDrops, int Open, int TimeWait)
{
    /// <summary>Reads the two tables and <c>/proc/net/sockstat</c>; null if the kernel says nothing of TCP.</summary>
    public static TcpCounters? Read(KernelFiles files, string net)
    {
        var timeWait = Behind(KernelText.Line(files.Read(net + "/sockstat"), "TCP:"u8), "tw"u8);
        var drops = Column(files.Read(net + "/netstat"), "TcpExt:"u8, "ListenDrops"u8) ?? 0;
        var snmp = files.Read(net + "/snmp");
        return Column(snmp, "Tcp:"u8, "OutSegs"u8) is { } segments
            ? new TcpCounters(segments, Column(snmp, "Tcp:"u8, "RetransSegs"u8) ?? 0, drops, Int(Column(snmp, "Tcp:"u8, "CurrEstab"u8) ?? 0), Int(timeWait))
            : null;
    }

    /// <summary>A value of a table that has a line of names and below it one of values, both with the same begin.</summary>
    internal static ulong? Column(ReadOnlySpan<byte> text, ReadOnlySpan<byte> table, ReadOnlySpan<byte> column)
    {
        var lines = new Lines(text);
        while (lines.Next(out var line))
        {
            if (!line.StartsWith(table) || !lines.Next(out var below) || !below.StartsWith(table))
                continue;
            var names = new Words(line);
            var values = new Words(below);
            while (names.Next() is { IsEmpty: false } name)
            {
                var value = values.Next();
                if (name.SequenceEqual(column))
                    return value.IsEmpty ? null : KernelText.Number(value);
            }
        }
        return null;
    }

    private static ulong Behind(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name)
    {
        var words = new Words(line);
        while (words.Next() is { IsEmpty: false } word)
        {
            if (word.SequenceEqual(name))
                return words.Number();
        }
        return 0;
    }

    private static int Int(ulong number) => (int)Math.Min(number, int.MaxValue);
}
