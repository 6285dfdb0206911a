using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using Dapper;

namespace Pressure.Chaos;

/// <summary>Requests for a second person's word, and what was said.</summary>
internal static class Approvals
{
    private const string Columns = "id, experiment, hash, asked_by AS AskedBy, asked_wall AS AskedWall, note, state, decided_by AS DecidedBy, decided_wall AS DecidedWall, expires, expires_wall AS ExpiresWall, uses, used";

    /// <summary>
    /// Whether what is risky has been approved by somebody else: the approval's id, or the refusal that says how to get one. If nobody was asked
    /// yet this asks.
    /// </summary>
    public static (string? Id, GuardRefusal? Refusal) Ask(DbConnection book, GuardRules rules, StrikeRequest request, BookMoment now, List<AuditEntry> told)
    {
        if (!rules.Approvals.Needed || !(request.Risky || request.Settings?.Risky == true))
            return (null, null);
        var all = Of(book, request.Experiment, request.ExperimentHash, now);
        foreach (var approval in all.Where(a => a.State is ApprovalState.Approved or ApprovalState.UsedUp && !SamePerson(a.DecidedBy, request.By)))
        {
            if (approval.State == ApprovalState.Approved || IsOfRun(book, approval.Id, request.Run))
                return (approval.Id, null);
        }
        var waiting = all.FirstOrDefault(a => a.State == ApprovalState.Waiting && SamePerson(a.AskedBy, request.By)) ?? Request(book, rules, request.Experiment, request.ExperimentHash, request.By, "", now, told);
        return (null, new("approval", $"'{request.Experiment}' is risky, and no second person has approved it{(all.Any(a => a.State == ApprovalState.Approved) ? " (who approved it is the one who asks)" : "")}.",
            $"Somebody else than {request.By} approves it until {GuardText.Moment(waiting.ExpiresAt)}: pressure chaos approve {waiting.Id}"));
    }

    /// <summary>Asks.</summary>
    public static Approval Request(DbConnection book, GuardRules rules, string experiment, string hash, string by, string note, BookMoment now, List<AuditEntry> told)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        book.Execute(
            "INSERT INTO approval (id, experiment, hash, asked_by, asked, asked_wall, note, state, expires, expires_wall, uses) VALUES (@id, @experiment, @hash, @by, @asked, @wall, @note, 'Waiting', @expires, @expiresWall, @Uses)",
            new { id, experiment, hash, by, asked = now.Book.Ticks, wall = Write(now.Wall), note, expires = (now.Book + rules.Approvals.ValidFor).Ticks, expiresWall = Write(now.Wall + rules.Approvals.ValidFor), rules.Approvals.Uses });
        told.Add(new(by, "approval", experiment, "asked", id));
        return Find(book, id, now)!;
    }

    /// <summary>Says yes or no; what was wrong with that as an English sentence, or null.</summary>
    public static string? Decide(DbConnection book, GuardRules rules, string id, string by, bool approve, BookMoment now, List<AuditEntry> told)
    {
        if (Find(book, id, now) is not { } approval)
            return $"There is no request {id}. Those that wait are listed by: pressure chaos approvals";
        if (approval.State != ApprovalState.Waiting)
            return $"Request {id} waits for nobody: it is {Word(approval.State)}{(approval.DecidedBy is { } who ? $" (by {who})" : "")}.";
        if (by.Trim().Length == 0)
            return "Who decides must be named.";
        // Whoever asked may take it back, but not say yes to it.
        if (approve && SamePerson(approval.AskedBy, by))
            return $"{by.Trim()} asked for it, so that somebody else must approve it.";
        book.Execute(
            "UPDATE approval SET state = @state, decided_by = @by, decided_wall = @wall, expires = @expires, expires_wall = @expiresWall WHERE id = @id",
            new { id, by = by.Trim(), state = approve ? "Approved" : "Rejected", wall = Write(now.Wall), expires = (now.Book + rules.Approvals.ValidFor).Ticks, expiresWall = Write(now.Wall + rules.Approvals.ValidFor) });
        told.Add(new(by, "approval", approval.Experiment, approve ? "approved" : "rejected", $"{id}, asked for by {approval.AskedBy}"));
        return null;
    }

    /// <summary>Counts a use: once a run.</summary>
    public static void Use(DbConnection book, string id, string run) => book.Execute(
        "INSERT INTO approval_use (approval, run) VALUES (@id, @run) ON CONFLICT DO NOTHING; UPDATE approval SET used = (SELECT COUNT(*) FROM approval_use WHERE approval = @id) WHERE id = @id", new { id, run });

    /// <summary>All of them, newest first.</summary>
    public static List<Approval> All(DbConnection book, BookMoment now) => [.. book.Query<Row>($"SELECT {Columns} FROM approval ORDER BY asked DESC").Select(r => r.ToApproval(now))];

    /// <summary>Forgets what has long been over.</summary>
    public static void Forget(DbConnection book, TimeSpan before)
    {
        book.Execute("DELETE FROM approval_use WHERE approval IN (SELECT id FROM approval WHERE expires < @before)", new { before = before.Ticks });
        book.Execute("DELETE FROM approval WHERE expires < @before", new { before = before.Ticks });
    }

    /// <summary>A person's name, however they write it.</summary>
    public static bool SamePerson(string? one, string other) => string.Equals(one?.Trim(), other.Trim(), StringComparison.OrdinalIgnoreCase);

    private static string Word(ApprovalState state) => state == ApprovalState.UsedUp ? "used up" : state.ToString().ToLowerInvariant();

    private static Approval? Find(DbConnection book, string id, BookMoment now) => book.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM approval WHERE id = @id", new { id })?.ToApproval(now);

    private static List<Approval> Of(DbConnection book, string experiment, string hash, BookMoment now) =>
        [.. book.Query<Row>($"SELECT {Columns} FROM approval WHERE experiment = @experiment AND hash = @hash ORDER BY asked DESC", new { experiment, hash }).Select(r => r.ToApproval(now))];

    private static bool IsOfRun(DbConnection book, string id, string run) =>
        run.Length > 0 && book.ExecuteScalar<long>("SELECT COUNT(*) FROM approval_use WHERE approval = @id AND run = @run", new { id, run }) > 0;

    private static string Write(DateTimeOffset moment) => moment.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);

    private sealed record Row(string Id, string Experiment, string Hash, string AskedBy, string AskedWall, string Note, string State, string? DecidedBy, string? DecidedWall, long Expires, string ExpiresWall, long Uses, long Used)
    {
        public Approval ToApproval(BookMoment now)
        {
            var said = Enum.Parse<ApprovalState>(State);
            var state = said is ApprovalState.Waiting or ApprovalState.Approved && Expires <= now.Book.Ticks ? ApprovalState.Expired
                : said == ApprovalState.Approved && Used >= Uses ? ApprovalState.UsedUp : said;
            return new(Id, Experiment, Hash, AskedBy, Read(AskedWall), Note, state, DecidedBy, DecidedWall is null ? null : Read(DecidedWall), Read(ExpiresWall), (int)Uses, (int)Used);
        }

        private static DateTimeOffset Read(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
    }
}
