namespace Pressure.Faults;

/// <summary>Processes that are never stopped or ended, whatever guards say: nobody would be left to undo it.</summary>
internal static class ProtectedProcesses
{
    /// <summary>Why a process must be left alone; null if it need not.</summary>
    public static Preparation.Refused? Why(HostProcess process, string label) =>
        process.Pid == 1 ? new($"{label} is the machine's first process.", "Choose another one.")
        : process.IsKernel ? new($"{label} is a thread of the kernel.", "Choose a program.")
        : HostProcesses.OwnLine().Contains(process.Pid) ? new($"{label} is Pressure itself, or what it was started from.", "Choose another one.")
        : IsOurs(process) ? new($"{label} is a part of Pressure.", "Choose another one.")
        : null;

    /// <summary>The executor, the watchdog, a burner: started with a verb of their own (<see cref="InnerVerbs"/>).</summary>
    private static bool IsOurs(HostProcess process) =>
        process.Arguments.Any(a => a.StartsWith("fault-", StringComparison.Ordinal)) && HostProcesses.Of(Environment.ProcessId)?.Program == process.Program;
}
