using Pressure.Record;

namespace Pressure.Agent;

/// <summary>What went over one network interface since it came up.</summary>
internal readonly record struct InterfaceCounters(string Name, ulong BytesIn, ulong BytesOut, ulong PacketsIn, ulong PacketsOut, ulong Errors, ulong Dropped);

/// <summary>The network interfaces of a namespace, from <c>/proc/net/dev</c>.</summary>
internal sealed class Interfaces(IReadOnlyList<InterfaceCounters> all)
{
    /// <summary>Of a host with more, those that carry most are named; the sum is of all.</summary>
    internal const int MaxNamed = 64;

    public IReadOnlyList<InterfaceCounters> All { get; } = all;

    /// <remarks>Received: bytes packets errs drop fifo frame compressed multicast; sent: bytes packets errs drop fifo colls carrier compressed.</remarks>
    public static Interfaces Parse(ReadOnlySpan<byte> text, Interfaces? before = null)
    {
        var all = new List<InterfaceCounters>(before?.All.Count ?? 4);
        var lines = new Lines(text);
        while (lines.Next(out var line))
        {
            // The name ends at the last colon before the numbers (an alias has one itself); old kernels put no blank behind it.
            var colon = line.LastIndexOf((byte)':');
            if (colon < 0)
                continue;
            var earlier = before is not null && all.Count < before.All.Count ? before.All[all.Count].Name : null;
            var words = new Words(line[(colon + 1)..]);
            ulong bytesIn = words.Number(), packetsIn = words.Number(), errorsIn = words.Number(), droppedIn = words.Number();
            words.Skip(4);
            ulong bytesOut = words.Number(), packetsOut = words.Number(), errorsOut = words.Number(), droppedOut = words.Number();
            all.Add(new InterfaceCounters(
                KernelText.Name(line[..colon].Trim((byte)' '), earlier), bytesIn, bytesOut, packetsIn, packetsOut, errorsIn + errorsOut, droppedIn + droppedOut));
        }
        return new Interfaces(all);
    }

    /// <summary>Rates of each. One that is new, or whose counters were reset, counts from the next time on.</summary>
    public InterfaceRates[] Since(Interfaces before, TimeSpan elapsed)
    {
        var rates = new InterfaceRates[All.Count];
        var seconds = elapsed.TotalSeconds;
        for (var i = 0; i < rates.Length; i++)
        {
            var now = All[i];
            var then = before.Of(now.Name, i) ?? now;
            rates[i] = new InterfaceRates(
                now.Name,
                new ByteRates(KernelText.Passed(now.BytesIn, then.BytesIn) / seconds, KernelText.Passed(now.BytesOut, then.BytesOut) / seconds),
                KernelText.Passed(now.PacketsIn, then.PacketsIn) / seconds,
                KernelText.Passed(now.PacketsOut, then.PacketsOut) / seconds,
                KernelText.Passed(now.Errors, then.Errors) / seconds,
                KernelText.Passed(now.Dropped, then.Dropped) / seconds);
        }
        return rates;
    }

    /// <summary>Bytes over all of them since an earlier reading, without loopback if that is not asked for.</summary>
    public ByteRates BytesSince(Interfaces before, TimeSpan elapsed, bool loopback)
    {
        var (bytesIn, bytesOut) = (0.0, 0.0);
        for (var i = 0; i < All.Count; i++)
        {
            var now = All[i];
            if ((!loopback && now.Name == "lo") || before.Of(now.Name, i) is not { } then)
                continue;
            bytesIn += KernelText.Passed(now.BytesIn, then.BytesIn);
            bytesOut += KernelText.Passed(now.BytesOut, then.BytesOut);
        }
        return new ByteRates(bytesIn / elapsed.TotalSeconds, bytesOut / elapsed.TotalSeconds);
    }

    /// <summary>Those to be named in a sample.</summary>
    public static IReadOnlyList<InterfaceRates> Named(InterfaceRates[] rates) =>
        rates.Length <= MaxNamed ? rates : [.. rates.OrderByDescending(r => r.Bytes.In + r.Bytes.Out).Take(MaxNamed).OrderBy(r => r.Name, StringComparer.Ordinal)];

    private InterfaceCounters? Of(string name, int guess)
    {
        if (guess < All.Count && All[guess].Name == name)
            return All[guess];
        foreach (var one in All)
        {
            if (one.Name == name)
                return one;
        }
        return null;
    }
}
