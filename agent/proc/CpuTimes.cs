using Pressure.Record;

namespace Pressure.Agent;

/// <summary>What all cores have done since boot, in clock ticks, from <c>/proc/stat</c>.</summary>
/// <remarks><see cref="Cores"/> is what is online, 0 if the text names none.</remarks>
internal readonly record struct CpuTimes(int Cores, ulong User, ulong System, ulong IoWait, ulong Steal, ulong Idle)
{
    /// <summary>Reads the line of all cores, and counts the lines of single ones.</summary>
    /// <remarks>Fields: user nice system idle iowait irq softirq steal; guest time, behind them, is part of user already.</remarks>
    public static CpuTimes Parse(string text)
    {
        var rows = ProcTable.Rows(text).Where(row => row[0].StartsWith("cpu", StringComparison.Ordinal)).ToList();
        var all = rows.Find(row => row[0] == "cpu") ?? [];
        return new CpuTimes(
            rows.Count(row => row[0].Length > 3 && char.IsAsciiDigit(row[0][3])),
            User: ProcTable.Number(all, 1) + ProcTable.Number(all, 2),
            System: ProcTable.Number(all, 3) + ProcTable.Number(all, 6) + ProcTable.Number(all, 7),
            IoWait: ProcTable.Number(all, 5),
            Steal: ProcTable.Number(all, 8),
            Idle: ProcTable.Number(all, 4));
    }

    /// <summary>Shares of all cores' time since an earlier reading; all zero when no tick has passed.</summary>
    public CpuShares Since(CpuTimes before)
    {
        // The kernel lets iowait and idle go backwards by a few ticks now and then.
        double user = Passed(User, before.User), system = Passed(System, before.System), ioWait = Passed(IoWait, before.IoWait);
        double steal = Passed(Steal, before.Steal), idle = Passed(Idle, before.Idle);
        var all = Math.Max(1, user + system + ioWait + steal + idle);
        return new CpuShares(user / all, system / all, ioWait / all, steal / all);
    }

    private static ulong Passed(ulong now, ulong before) => now > before ? now - before : 0;
}
