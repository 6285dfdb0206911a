namespace Pressure.Faults;

/// <summary>A process of this host, as <c>/proc</c> tells of it.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="Start">Its start in clock ticks since boot: ids are used again.</param>
/// <param name="Parent">Its parent's id.</param>
/// <param name="State">Its state: <c>R</c>, <c>S</c>, <c>T</c> (stopped), <c>Z</c>, ...</param>
/// <param name="Name">As the kernel names it: at most 15 characters.</param>
public sealed record HostProcess(int Pid, long Start, int Parent, char State, string Name)
{
    /// <summary>Programs that run what an argument names.</summary>
    private static readonly string[] Launchers = ["dotnet", "java", "node", "ruby", "perl", "sh", "bash", "dash"];

    /// <summary>Its arguments, the program first; empty for a thread of the kernel, or where they may not be read.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>
    /// What people call it: <c>orders</c> for <c>dotnet orders.dll</c>, <c>item</c> for <c>java -jar item.jar</c>, <c>work.py</c> for
    /// <c>python3 work.py</c>; else its program's name.
    /// </summary>
    public string Program
    {
        get
        {
            if (Arguments is not [{ Length: > 0 } first, ..])
                return Name;
            var program = FileName(first);
            // A program that writes a title of its own there ("nginx: worker process") is called as the kernel calls it.
            if (program.Contains(' ', StringComparison.Ordinal) || !program.StartsWith(Name, StringComparison.Ordinal))
                return Name;
            return (Launchers.Contains(program) || program.StartsWith("python", StringComparison.Ordinal)) && Launched(Arguments) is { Length: > 0 } launched ? launched : program;
        }
    }

    /// <summary>Stopped by a signal or a debugger.</summary>
    internal bool IsStopped => State is 'T' or 't';

    /// <summary>Ended, but not asked for its end yet.</summary>
    internal bool IsDead => State is 'Z' or 'X' or 'x';

    /// <summary>A thread of the kernel, or of no program at all.</summary>
    internal bool IsKernel => Pid == 2 || Parent == 2;

    /// <summary>What a launcher runs; null where that can't be told from its options.</summary>
    private static string? Launched(IReadOnlyList<string> arguments)
    {
        for (var i = 1; i < arguments.Count; i++)
        {
            if (arguments[i] == "-jar")
                return i + 1 < arguments.Count ? Without(FileName(arguments[i + 1]), ".jar") : null;
            if (arguments[i] is "-c" or "-m" or "-e")
                return null;
            if (arguments[i] is "-cp" or "-classpath" or "-p" or "--module-path")
                i++;
            else if (!arguments[i].StartsWith('-') && arguments[i] != "exec")
                return Without(FileName(arguments[i]), ".dll");
        }
        return null;
    }

    private static string FileName(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static string Without(string name, string ending) => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase) ? name[..^ending.Length] : name;
}
