using Pressure.Record;

namespace Pressure.Agent;

/// <summary>TCP of the host's own network namespace, sample after sample.</summary>
/// <param name="files">Reads the kernel's files.</param>
/// <param name="net">The namespace's folder: <c>/proc/net</c>.</param>
/// <param name="time">Tells how long counting took.</param>
/// <param name="count">Counts sockets by state, without those established and in TIME_WAIT; null if it can't.</param>
internal sealed class TcpWatch(KernelFiles files, string net, TimeProvider time, Func<int[]?> count)
{
    /// <summary>Counting may take one part of so many of a core: where the kernel's table is large it is counted more rarely.</summary>
    private const int Share = 500;

    /// <summary>Names by the kernel's number of the state. Connections under way to be accepted have two of them.</summary>
    private static readonly string?[] Names =
        [null, null, "synSent", "synReceived", "finWait1", "finWait2", null, "close", "closeWait", "lastAck", "listen", "closing", "synReceived"];

    private TcpCounters? _before;
    private int[]? _counts;
    private long _counted;
    private TimeSpan _cost;
    private bool _begun;

    /// <summary>The figures since the last call; null when there is nothing to compare with yet, or nothing to be seen.</summary>
    public TcpFigures? Figures(TimeSpan elapsed)
    {
        var before = _before;
        _before = TcpCounters.Read(files, net);
        if (_before is not { } now || before is not { } then)
            return null;
        if (!_begun || time.GetElapsedTime(_counted) >= _cost * Share)
            Count();
        return new TcpFigures
        {
            States = States(now),
            SegmentsOut = KernelText.Passed(now.SegmentsOut, then.SegmentsOut) / elapsed.TotalSeconds,
            Retransmits = KernelText.Passed(now.Retransmits, then.Retransmits) / elapsed.TotalSeconds,
            ListenDrops = KernelText.Passed(now.ListenDrops, then.ListenDrops) / elapsed.TotalSeconds,
        };
    }

    private void Count()
    {
        _begun = true;
        var begin = time.GetTimestamp();
        _counts = count();
        _counted = time.GetTimestamp();
        _cost = time.GetElapsedTime(begin, _counted);
    }

    private Dictionary<string, int> States(in TcpCounters now)
    {
        var states = new Dictionary<string, int>(8);
        // The kernel's counter of open connections holds those in CLOSE_WAIT too.
        Add("established", now.Open - (_counts?[SocketDiagnosis.CloseWait] ?? 0));
        Add("timeWait", now.TimeWait);
        for (var state = 0; state < (_counts?.Length ?? 0); state++)
        {
            if (state < Names.Length && Names[state] is { } name)
                Add(name, _counts![state]);
        }
        return states;

        void Add(string name, int sockets)
        {
            if (sockets > 0)
                states[name] = states.GetValueOrDefault(name) + sockets;
        }
    }
}
