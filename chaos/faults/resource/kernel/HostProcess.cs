namespace Pressure.Faults;

/// <summary>A process of this host, as <c>/proc</c> tells of it.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="Start">Its start in clock ticks since boot: ids are used again.</param>
/// <param name="Parent">Its parent's id.</param>
/// <param name="State">Its state: <c>R</c>, <c>S</c>, <c>T</c> (stopped), <c>Z</c>, ...</param>
/// <param name="Name">As the kernel names it: at most 15 characters.</param>
public sealed record HostProcess(int Pid, long Start, int Parent, char State, string Name)
{
    /// <summary>Its arguments, the program first; empty for a thread of the kernel, or where they may not be read.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Its program's name, whole: of a program that was started by an interpreter the interpreter's.</summary>
    public string Program => Arguments is [{ Length: > 0 } first, ..] ? Path.GetFileName(first.AsSpan()).ToString() : Name;

    /// <summary>Stopped by a signal or a debugger.</summary>
    internal bool IsStopped => State is 'T' or 't';

    /// <summary>Ended, but not asked for its end yet.</summary>
    internal bool IsDead => State is 'Z' or 'X' or 'x';

    /// <summary>A thread of the kernel, or of no program at all.</summary>
    internal bool IsKernel => Pid == 2 || Parent == 2;
}
