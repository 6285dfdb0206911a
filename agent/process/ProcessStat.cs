namespace Pressure.Agent;

/// <summary>A process, from <c>/proc/PID/stat</c>.</summary>
/// <param name="Command">As the kernel names it: at most 15 characters.</param>
/// <param name="IsKernel">A thread of the kernel itself.</param>
/// <param name="CpuTicks">CPU time in user and kernel mode, in clock ticks.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Start">Its start, in clock ticks since boot.</param>
/// <param name="RssPages">Resident memory, in pages.</param>
internal readonly record struct ProcessStat(string Command, bool IsKernel, ulong CpuTicks, int Threads, long Start, ulong RssPages)
{
    private const ulong KernelThread = 0x0020_0000;

    /// <summary>Reads the text; null if it is not whole.</summary>
    /// <remarks>Fields are numbered as in proc(5), behind the command, which may hold blanks and brackets itself.</remarks>
    public static ProcessStat? Parse(ReadOnlySpan<byte> text, string? earlierCommand = null)
    {
        var open = text.IndexOf((byte)'(');
        var close = text.LastIndexOf((byte)')');
        if (open < 0 || close < open)
            return null;
        var words = new Words(text[(close + 1)..].TrimEnd((byte)'\n'));
        words.Skip(6); // 3 to 8
        var flags = words.Number(); // 9
        words.Skip(4); // 10 to 13
        var ticks = words.Number(); // 14
        ticks += words.Number(); // 15
        words.Skip(4); // 16 to 19
        var threads = words.Number(); // 20
        words.Skip(1); // 21
        var start = words.Number(); // 22
        words.Skip(1); // 23
        var rss = words.Next(); // 24
        if (rss.IsEmpty)
            return null;
        return new ProcessStat(
            KernelText.Name(text[(open + 1)..close], earlierCommand),
            (flags & KernelThread) != 0,
            ticks,
            (int)Math.Min(threads, int.MaxValue),
            KernelText.Long(start),
            KernelText.Number(rss));
    }
}
