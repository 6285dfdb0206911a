namespace Pressure.Agent;

/// <summary>A process that <see cref="ProcessTable"/> has come across.</summary>
internal sealed class SeenProcess(int pid, string folder)
{
    public int Pid { get; } = pid;

    /// <summary>Its folder below <c>/proc</c>.</summary>
    public string Folder { get; } = folder;

    public string StatFile { get; } = folder + "/stat";

    public string DescriptorFolder { get; } = folder + "/fd";

    /// <summary>Its start in clock ticks since boot; ids are used again.</summary>
    public long Start { get; set; } = -1;

    /// <summary>As the kernel names it.</summary>
    public string? Command { get; set; }

    /// <summary>The scan that it was there in last.</summary>
    public long LastScan { get; set; }

    /// <summary>The scan in which to look at it (again).</summary>
    public long NextLook { get; set; }

    /// <summary>How often it was looked at.</summary>
    public int Looks { get; set; }

    public Container? Container { get; set; }

    /// <summary>Whether the name of its container, if it is in one, is as known as it will be.</summary>
    public bool IsNamed => Container?.IsAsked is not false;

    /// <summary>Whether others know that it is watched.</summary>
    public bool IsPublished { get; set; }

    /// <summary>Set while it is watched.</summary>
    public WatchedProcess? Watched { get; set; }

    /// <summary>CPU time at the last sample; null before the first.</summary>
    public (long At, ulong Ticks)? Before { get; set; }
}
