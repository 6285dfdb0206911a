namespace Pressure.Faults;

/// <summary>Which boot of the machine this is.</summary>
internal static class Boot
{
    /// <summary>Its id.</summary>
    public static string Id { get; } = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>Whether an intent is of an earlier one: no process and no control group of it is left, whoever bears their numbers now.</summary>
    public static bool IsOver(FaultIntent intent) => intent.BootId != Id;

    /// <summary>What undoing says then.</summary>
    public static UndoOutcome.NothingToUndo StartedAnew { get; } = new("the machine was started anew since");
}
