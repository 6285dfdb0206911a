namespace Pressure.Chaos;

/// <summary>Looking at what the guards would say.</summary>
public sealed partial class GuardBook
{
    /// <summary>What <see cref="AskAsync"/> would say now. Nothing is counted, opened, asked for or told in the audit.</summary>
    public async Task<GuardAnswer> LookAsync(StrikeRequest request, CancellationToken stop)
    {
        try
        {
            return await _database.DoAsync<GuardAnswer>(
                book =>
                {
                    List<AuditEntry> told = [];
                    var (reasons, _) = AskAll(book, ReadRules(book), request, _clock.Now(book), told);
                    // A request that was made on the way is gone with it, so nobody can be sent to approve it.
                    IReadOnlyList<GuardRefusal> shown = [.. reasons.Select(r => r.Guard == "approval" && told.Count > 0 ? r with { Remedy = "Running it asks for one; 'pressure chaos approve' gives it." } : r)];
                    throw new LookedException(shown.Count > 0 ? new GuardAnswer.Refused(shown) : new GuardAnswer.Permit());
                },
                stop);
        }
        catch (LookedException e)
        {
            return e.Answer;
        }
        catch (GuardBookException e)
        {
            return new GuardAnswer.Refused([new("book", "What the guards know can't be read or written, so nothing is struck.", e.Message)]);
        }
    }

    // A transaction that throws changes nothing: that is how asking becomes looking.
    private sealed class LookedException(GuardAnswer answer) : Exception
    {
        public GuardAnswer Answer => answer;
    }
}
