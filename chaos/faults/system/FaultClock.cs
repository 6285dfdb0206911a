namespace Pressure.Faults;

/// <summary>The clocks that a fault's deadline stands on: the wall's, for people and kernels, and the one since boot, which does not jump.</summary>
/// <param name="Time">The wall clock, and timers.</param>
/// <param name="SinceBoot">Time since boot, sleep included.</param>
/// <param name="BootId">Which boot.</param>
public sealed record FaultClock(TimeProvider Time, Func<TimeSpan> SinceBoot, string BootId)
{
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>This machine's.</summary>
    /// <exception cref="IOException">It does not say which boot this is.</exception>
    public static FaultClock OfMachine(TimeProvider time) => new(time, Posix.SinceBoot, File.ReadAllText(BootIdFile).Trim());

    /// <summary>The wall clock.</summary>
    public DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>Time since boot without sleep, as timers count it; every process of a machine has the same.</summary>
    internal TimeSpan Awake => Time.GetElapsedTime(0);

    /// <summary>How long a fault has still got; zero or less after its deadline, and after another boot.</summary>
    internal TimeSpan Left(FaultIntent intent) => intent.BootId == BootId ? intent.DeadlineSinceBoot - SinceBoot() : TimeSpan.Zero;
}
