using Pressure.Record;

namespace Pressure.Agent;

/// <summary>What a core, or all of them, has done since boot, in clock ticks.</summary>
internal readonly record struct CpuTimes(ulong User, ulong System, ulong IoWait, ulong Steal, ulong Idle)
{
    /// <summary>Reads what stands behind <c>cpu</c> in <c>/proc/stat</c>.</summary>
    /// <remarks>Fields: user nice system idle iowait irq softirq steal; guest time, behind them, is part of user already.</remarks>
    public static CpuTimes Parse(ref Words words)
    {
        ulong user = words.Number(), nice = words.Number(), system = words.Number(), idle = words.Number(), ioWait = words.Number();
        ulong interrupts = words.Number(), softInterrupts = words.Number(), steal = words.Number();
        return new CpuTimes(user + nice, system + interrupts + softInterrupts, ioWait, steal, idle);
    }

    /// <summary>Shares of the time since an earlier reading; all zero when no tick has passed.</summary>
    public CpuShares Since(CpuTimes before)
    {
        // The kernel lets iowait and idle go backwards by a few ticks now and then.
        double user = KernelText.Passed(User, before.User), system = KernelText.Passed(System, before.System), ioWait = KernelText.Passed(IoWait, before.IoWait);
        double steal = KernelText.Passed(Steal, before.Steal), idle = KernelText.Passed(Idle, before.Idle);
        var all = Math.Max(1, user + system + ioWait + steal + idle);
        return new CpuShares(user / all, system / all, ioWait / all, steal / all);
    }
}
