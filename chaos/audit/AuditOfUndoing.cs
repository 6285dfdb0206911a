using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>Tells of what is done even if it can't be told: undoing, stopping, lifting a stop. A full disk must keep nobody from these.</summary>
public static class AuditOfUndoing
{
    /// <summary>Writes a line; why it is not in the log, for people, or null.</summary>
    public static async Task<string?> TryWriteAsync(this IAudit audit, AuditEntry entry)
    {
        try
        {
            await audit.WriteAsync(entry, CancellationToken.None);
            return null;
        }
        catch (GuardBookException e)
        {
            return $"This is not in the audit log: {e.Message}";
        }
    }

    /// <summary>Writes a line for every fault that somebody had undone; why that did not go, for people, or null.</summary>
    public static async Task<string?> TryWriteAsync(this IAudit audit, string who, IEnumerable<EndedFault> ended)
    {
        string? problem = null;
        foreach (var (intent, end) in ended)
        {
            var outcome = end.Outcome is UndoOutcome.Incomplete ? "left" : "ended";
            problem ??= await audit.TryWriteAsync(new(who, "revert", $"{intent.Kind} on {intent.Target.Label}", outcome, $"fault {intent.Handle}, by {end.By}"));
        }
        return problem;
    }
}
