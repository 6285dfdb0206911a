using System.Data.Common;
using Dapper;
using Npgsql;
using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>
/// The guards, with what they remember: in <c>guards.db</c> of the state folder, one book for every program of the machine, or in the database of several
/// nodes, one for them all. A question is one transaction, so that a hundred who ask at once are answered one after the other; when the book can't be read, the answer is no.
/// </summary>
public sealed partial class GuardBook : IGuard, IDisposable
{
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(8);

    private readonly GlobalStop _stop;
    private readonly IBookStore _store;
    private readonly IAudit _audit;

    private GuardBook(string folder, IBookStore store, IAudit audit) => (_stop, _store, _audit) = (new(folder), store, audit);

    /// <summary>Opens the book of a state folder, or begins a new one.</summary>
    /// <param name="folder">The state folder.</param>
    /// <param name="time">The clocks.</param>
    /// <param name="audit">Where answers are told.</param>
    /// <exception cref="GuardBookException">It can't be; the message is for people.</exception>
    public static GuardBook Open(string folder, TimeProvider time, IAudit audit) => Open(folder, time, audit, BookClock.CurrentBoot());

    internal static GuardBook Open(string folder, TimeProvider time, IAudit audit, string boot)
    {
        try
        {
            StateFolder.Ensure(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GuardBookException($"The state folder {folder} can't be made: {e.Message} Give access, or name another one by PRESSURE_CHAOS_DIR.", e);
        }
        return new(folder, BookDatabase.Open(Path.Combine(folder, "guards.db"), new BookClock(time, boot)), audit);
    }

    /// <summary>The book of several nodes, in the database that they share. The global stop is that of a state folder.</summary>
    /// <param name="folder">This machine's state folder.</param>
    /// <param name="source">The database, in which the tables are made.</param>
    /// <param name="time">The clocks.</param>
    /// <param name="audit">Where answers are told.</param>
    public static GuardBook OpenShared(string folder, NpgsqlDataSource source, TimeProvider time, IAudit audit) =>
        OpenShared(folder, source, new SharedBookClock(time, BookClock.CurrentBoot()), audit);

    internal static GuardBook OpenShared(string folder, NpgsqlDataSource source, SharedBookClock clock, IAudit audit) => new(folder, new SharedBook(source, clock), audit);

    /// <inheritdoc/>
    public string? Halted => _stop.Read()?.ToString();

    /// <inheritdoc/>
    public async Task<GuardAnswer> AskAsync(StrikeRequest request, CancellationToken stop)
    {
        try
        {
            return await _store.DoAsync(book => AnswerAsync(book, request), stop);
        }
        catch (GuardBookException e)
        {
            return new GuardAnswer.Refused([new("book", "What the guards know can't be read or written, so nothing is struck.", e.Message)]);
        }
    }

    /// <inheritdoc/>
    public async Task<GuardAnswer> LookAsync(StrikeRequest request, CancellationToken stop)
    {
        try
        {
            return await _store.LookAsync(book => Look(book, request), stop);
        }
        catch (GuardBookException e)
        {
            return new GuardAnswer.Refused([new("book", "What the guards know can't be read or written, so nothing is struck.", e.Message)]);
        }
    }

    /// <inheritdoc/>
    public async Task EndedAsync(GuardAnswer.Permit permit)
    {
        if (permit.Deed.Length == 0)
            return;
        await _store.DoAsync(
            book => Task.FromResult(book.Execute("UPDATE strike SET until = @now WHERE deed = @Deed AND until > @now", new { now = _store.Now(book).Book.Ticks, permit.Deed })), CancellationToken.None);
    }

    /// <summary>Notes that nothing of an experiment's run holds any more, where whoever asked for it is gone.</summary>
    /// <param name="run">The run's id, as the question had it.</param>
    /// <exception cref="GuardBookException">The book can't be written.</exception>
    public Task EndedAsync(string run) => _store.DoAsync(
        book => Task.FromResult(book.Execute("UPDATE strike SET until = @now WHERE until > @now AND deed IN (SELECT id FROM deed WHERE run = @run)", new { now = _store.Now(book).Book.Ticks, run })), CancellationToken.None);

    /// <inheritdoc/>
    public void Dispose() => _store.Dispose();

    private async Task<GuardAnswer> AnswerAsync(DbConnection book, StrikeRequest request)
    {
        List<AuditEntry> told = [];
        var answer = Answer(book, request, told);
        told.Add(Told(request, answer));
        foreach (var entry in told)
            await _audit.WriteAsync(entry, CancellationToken.None);
        return answer;
    }

    private GuardAnswer Look(DbConnection book, StrikeRequest request)
    {
        List<AuditEntry> told = [];
        var answer = Answer(book, request, told);
        // An approval that was asked for on the way is gone with the look, so nobody can be sent to give it.
        return answer is GuardAnswer.Refused refused && told.Count > 0
            ? new GuardAnswer.Refused([.. refused.Reasons.Select(r => r.Guard == "approval" ? r with { Remedy = "Running it asks for one; 'pressure chaos approve' gives it." } : r)])
            : answer;
    }

    private GuardAnswer Answer(DbConnection book, StrikeRequest request, List<AuditEntry> told)
    {
        var now = _store.Now(book);
        var rules = ReadRules(book);
        List<GuardRefusal> reasons = [];
        if (Halted is { } halted)
            reasons.Add(new("stop", halted, GlobalStop.Remedy));
        if (request.Targets.Count == 0)
            reasons.Add(new("blast radius", "There is nothing to strike.", "Let the selector choose at least one target."));
        reasons.AddRange(CalendarCheck.Ask(rules, now));
        var (approval, unapproved) = Approvals.Ask(book, rules, request, now, told);
        if (unapproved is not null)
            reasons.Add(unapproved);
        reasons.AddRange(GapCheck.Ask(book, rules, request, now));
        reasons.AddRange(BlastRadiusCheck.Ask(book, rules, request, now));
        reasons.AddRange(BudgetCheck.Ask(book, rules, request, mayOpen: reasons.Count == 0, now, told));

        return reasons.Count > 0 ? new GuardAnswer.Refused(reasons) : Count(book, rules, request, approval, now);
    }

    /// <summary>Writes the deed into the book: with all its strikes, or, if anything goes wrong, with none.</summary>
    private static GuardAnswer.Permit Count(DbConnection book, GuardRules rules, StrikeRequest request, string? approval, BookMoment now)
    {
        var deed = Guid.NewGuid().ToString("n");
        book.Execute(
            "INSERT INTO deed (id, at, kind, experiment, run, asked_by, strikes) VALUES (@deed, @at, @Kind, @Experiment, @Run, @By, @strikes)",
            new { deed, at = now.Book.Ticks, request.Kind, request.Experiment, request.Run, request.By, strikes = request.Targets.Count });
        book.Execute(
            "INSERT INTO strike (deed, at, target, family, until) VALUES (@deed, @at, @target, @family, @until)",
            request.Targets.Select(t => new { deed, at = now.Book.Ticks, target = GuardGroup.Key(t), family = GuardGroup.Of(t, rules.Group), until = (now.Book + request.Duration).Ticks }));
        if (approval is not null)
            Approvals.Use(book, approval, request.Run.Length > 0 ? request.Run : deed);
        Forget(book, now);
        return new(deed);
    }

    /// <summary>What no budget, gap or blast radius asks for any more; the audit log keeps it for good.</summary>
    private static void Forget(DbConnection book, BookMoment now)
    {
        var before = now.Book - Remembered;
        book.Execute("DELETE FROM strike WHERE at < @before; DELETE FROM deed WHERE at < @before", new { before = before.Ticks });
        Approvals.Forget(book, before);
    }

    private static AuditEntry Told(StrikeRequest request, GuardAnswer answer)
    {
        var on = $"{request.Kind} on {string.Join(", ", request.Targets.Select(t => t.Host == "local" ? t.Target.Label : $"{t.Host}: {t.Target.Label}"))}";
        var what = $"{request.Experiment}, for {DurationText.Of(request.Duration)}";
        return answer is GuardAnswer.Refused refused
            ? new(request.By, "strike", on, "refused", $"{what}: {string.Join(' ', refused.Reasons.Select(r => $"[{r.Guard}] {r.Why}"))}")
            : new(request.By, "strike", on, "permitted", what);
    }
}
