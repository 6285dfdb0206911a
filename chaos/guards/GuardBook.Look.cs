using Microsoft.Data.Sqlite;

namespace Pressure.Chaos;

/// <summary>Looking at what the guards would say.</summary>
public sealed partial class GuardBook
{
    /// <inheritdoc/>
    public async Task<GuardAnswer> LookAsync(StrikeRequest request, CancellationToken stop)
    {
        try
        {
            return await _database.LookAsync(book => Look(book, request), stop);
        }
        catch (GuardBookException e)
        {
            return new GuardAnswer.Refused([new("book", "What the guards know can't be read or written, so nothing is struck.", e.Message)]);
        }
    }

    private GuardAnswer Look(SqliteConnection book, StrikeRequest request)
    {
        List<AuditEntry> told = [];
        var (reasons, _) = AskAll(book, ReadRules(book), request, _clock.Now(book), told);
        // A request that was made on the way is gone with it, so nobody can be sent to approve it.
        IReadOnlyList<GuardRefusal> shown = [.. reasons.Select(r => r.Guard == "approval" && told.Count > 0 ? r with { Remedy = "Running it asks for one; 'pressure chaos approve' gives it." } : r)];
        return shown.Count > 0 ? new GuardAnswer.Refused(shown) : new GuardAnswer.Permit();
    }
}
