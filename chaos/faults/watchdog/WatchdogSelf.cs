using System.Runtime.InteropServices;

namespace Pressure.Faults;

/// <summary>What the watchdog does to its own process.</summary>
internal static class WatchdogSelf
{
    private static readonly List<PosixSignalRegistration> Deaf = [];

    /// <summary>Leaves session, terminal and folder of whoever started it, and asks the kernel to take others first when memory runs out.</summary>
    /// <param name="term">Called when somebody asks it to end.</param>
    public static void Detach(Action term)
    {
        _ = Posix.NewSession();
        Posix.LeaveTerminal();
        Environment.CurrentDirectory = "/";
        // Only SIGKILL ends it before its work is done. What it had no time for when a machine goes down is reverted at the next start.
        Deaf.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            term();
        }));
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGHUP, PosixSignal.SIGQUIT })
            Deaf.Add(PosixSignalRegistration.Create(signal, context => context.Cancel = true));
        try
        {
            File.WriteAllText("/proc/self/oom_score_adj", "-900");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Only root may ask for that.
        }
    }
}
