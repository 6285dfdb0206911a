using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>The replay of a run over several workers: keeps what each of them tells of it and adds it up. Not thread-safe.</summary>
/// <remarks>
/// How many requests were asked for and sent the seconds say, which are told to the last one that is safe; accounts come every few seconds and at the end. So of a worker that was
/// killed the sums are whole and the details not, and the record says of how many.
/// </remarks>
internal sealed class CrewReplay
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly PreparedReplay _prepared;
    private readonly ReplayOrder _order;
    private readonly ShareLedger _ledger;
    private readonly IReadOnlyList<ShareTotals> _told;
    private readonly ReplayAccountRules _rules;
    private readonly Dictionary<(int Share, int Epoch), ReplayAccount> _accounts = [];
    private readonly HashSet<(int Share, int Epoch)> _refused = [];
    private readonly bool _isBack;
    private TimeSpan _keptAt;

    /// <param name="prepared">The captures.</param>
    /// <param name="ledger">Who has which share.</param>
    /// <param name="told">What the seconds say of each share.</param>
    /// <param name="isBack">Whether the coordinator was gone, and with it what it had been told before.</param>
    public CrewReplay(PreparedReplay prepared, ShareLedger ledger, IReadOnlyList<ShareTotals> told, bool isBack = false)
    {
        (_prepared, _ledger, _told, _isBack) = (prepared, ledger, told, isBack);
        _order = ((Load.Replay)prepared.Plan.Load).Order;
        _rules = new(prepared.Captures, prepared.Plan.Requests.Select(r => r.Name), _order.Compare is not null);
    }

    /// <summary>Takes what a worker tells.</summary>
    /// <returns>In what it contradicts the others, when that is found out; then none of it counts. Null if in nothing.</returns>
    /// <exception cref="InvalidDataException">No worker would tell that, or it has never been given the share.</exception>
    public string? Take(ShareReplay told)
    {
        var term = (told.Share, told.Epoch);
        if (_ledger.Find(told.Share, told.Epoch, told.Worker) is null)
            throw new InvalidDataException($"Worker {told.Worker} tells of a replay of share {told.Share}, epoch {told.Epoch}, which it was never given.");
        if (_rules.WhyNot(told.Account) is { } why)
            throw new InvalidDataException($"Worker {told.Worker} tells of a replay that can't be: {why}.");
        if (_refused.Contains(term) || (_accounts.TryGetValue(term, out var before) && !IsLater(told.Account, before)))
            return null;
        if (_accounts.Where(a => a.Key != term).Select(a => ReplayAccountRules.Conflict(told.Account, a.Value)).FirstOrDefault(c => c is not null) is { } conflict)
        {
            _refused.Add(term);
            _accounts.Remove(term);
            return $"worker {told.Worker} did not replay the captures that the others did: {conflict}. What it tells of the replay's fidelity is left out";
        }
        _accounts[term] = told.Account;
        return null;
    }

    /// <summary>Keeps what is known so far, now and then.</summary>
    public void KeepIfDue(TimeSpan now, ICrewBook book)
    {
        if (now - _keptAt < Pause)
            return;
        _keptAt = now;
        Keep(book, notMade: 0);
    }

    /// <summary>Keeps what is known.</summary>
    /// <param name="book">Where.</param>
    /// <param name="notMade">Requests that nobody asked for and somebody ought to have.</param>
    public void Keep(ICrewBook book, long notMade)
    {
        var sum = ReplayAccounts.Sum(_prepared.Captures.Count, _accounts.Values);
        var untold = Untold();
        var record = ReplayAccounts.Record(_order, _prepared.Captures, sum) with
        {
            Planned = _told.Sum(t => t.AllAsked) + notMade,
            Sent = _told.Sum(t => t.AllSent),
            Untold = untold,
        };
        book.Keep(record, Differences(untold.Sum(u => u.Requests)));
    }

    // What both count they count the same way; only of a share whose account is lost is there more than it has told of.
    private List<UntoldShare> Untold() =>
    [
        .. _ledger.Shares.Index().Where(s => s.Item.Any(IsGone))
            .Select(s => new UntoldShare(
                string.Join(", ", s.Item.Where(IsGone).Select(t => t.Worker).Distinct()),
                s.Index,
                Math.Max(0, _told[s.Index].AllSent - s.Item.Sum(t => _accounts.TryGetValue((t.Share, t.Epoch), out var account) ? account.Sent : 0))))
            .Where(u => u.Requests > 0),
    ];

    private bool IsGone(ShareTerm term) =>
        term.IsLost || _refused.Contains((term.Share, term.Epoch)) || (_isBack && term.Ended is not null && !_accounts.ContainsKey((term.Share, term.Epoch)));

    private DifferenceRecord? Differences(long untold)
    {
        if (_order.Compare is not { } compare)
            return null;
        var book = ReplayComparing.NewBook(compare);
        foreach (var ((share, epoch), account) in _accounts)
        {
            if (account.Differences is { } found)
                book.Add(found);
            else if (_ledger.Shares[share][epoch].IsLost)
                untold += account.Sent;
        }
        if (untold > 0)
            book.NotCompared("lost", untold);
        return book.Snapshot();
    }

    // Counts only rise, and a later one may know more of the same requests; the last one brings the differences along.
    private static bool IsLater(ReplayAccount account, ReplayAccount before) =>
        (account.Planned, account.Sent, account.Differences is not null).CompareTo((before.Planned, before.Sent, before.Differences is not null)) >= 0;
}
