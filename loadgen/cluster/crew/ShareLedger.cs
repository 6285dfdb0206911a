using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>What came of a second that a worker told.</summary>
internal enum SecondFate
{
    /// <summary>It belongs into the record.</summary>
    Taken,

    /// <summary>It is there already.</summary>
    Repeated,

    /// <summary>It tells of load that was another worker's to make by then.</summary>
    Fenced,

    /// <summary>Nobody was ever given what it tells of.</summary>
    Unknown,
}

/// <summary>Who has which share, who had it before, and what they have told. Knows nothing of clocks and buses. Not thread-safe.</summary>
/// <remarks>
/// <code>
/// share 0   |--- epoch 0, a ---------------------------------|
/// share 1   |--- epoch 0, b ---x   lost   |--- epoch 1, c ---|
///                              ^ lease's end
///                                         ^ From: starts before it that b did not make count as not sent
/// </code>
/// </remarks>
internal sealed class ShareLedger
{
    private readonly List<List<ShareTerm>> _shares;

    /// <summary>Each share to its first worker.</summary>
    public ShareLedger(IReadOnlyList<string> workers) => _shares = [.. workers.Select((w, i) => new List<ShareTerm> { new(i, 0, w, TimeSpan.Zero) })];

    /// <summary>As it was: all terms of each share, in order.</summary>
    public ShareLedger(IReadOnlyList<IReadOnlyList<ShareTerm>> shares) => _shares = [.. shares.Select(s => s.ToList())];

    /// <summary>All terms of each share, in order.</summary>
    public IReadOnlyList<IReadOnlyList<ShareTerm>> Shares => _shares;

    /// <summary>All terms.</summary>
    public IEnumerable<ShareTerm> Terms => _shares.SelectMany(s => s);

    /// <summary>The last term of each share.</summary>
    public IEnumerable<ShareTerm> Current => _shares.Select(s => s[^1]);

    /// <summary>Who has which share now. One that is lost has nobody, one whose worker is done still has it.</summary>
    public IReadOnlyList<ShareHolder> Holders => [.. Current.Where(t => !t.IsLost).Select(t => new ShareHolder(t.Share, t.Epoch, t.Worker))];

    /// <summary>The term that somebody speaks of; null when there is none.</summary>
    public ShareTerm? Find(int share, int epoch, string worker) =>
        (uint)share < (uint)_shares.Count && (uint)epoch < (uint)_shares[share].Count && _shares[share][epoch] is var term && term.Worker == worker ? term : null;

    /// <summary>Judges a second and notes it if it is taken.</summary>
    public SecondFate Take(string worker, int share, int epoch, Interval second)
    {
        if (Find(share, epoch, worker) is not { } term || second.Second < term.FirstSecond)
            return SecondFate.Unknown;
        if (term.Seconds.Contains(second.Second))
            return SecondFate.Repeated;
        if (term.IsFenced(second))
            return SecondFate.Fenced;
        term.Seconds.Add(second.Second);
        if (term.IsLost)
            term.Late++;
        return SecondFate.Taken;
    }

    /// <summary>A worker's shares that nobody makes any more, now that it is lost.</summary>
    public IReadOnlyList<ShareTerm> Lose(string worker)
    {
        List<ShareTerm> lost = [.. Current.Where(t => t.Worker == worker && !t.IsLost && t.Ended is not { LeaseRanOut: false, Failure: null })];
        foreach (var term in lost)
            term.IsLost = true;
        return lost;
    }

    /// <summary>Gives a share to another worker, or to the same one again.</summary>
    /// <param name="share">The share.</param>
    /// <param name="worker">Whose it is from now on.</param>
    /// <param name="from">From when on it is made.</param>
    /// <param name="clockSlack">How much of that is there for the worker's clock.</param>
    public ShareTerm Give(int share, string worker, TimeSpan from, TimeSpan? clockSlack = null)
    {
        var before = _shares[share][^1];
        (before.IsLost, before.Until) = (true, from);
        var term = new ShareTerm(share, before.Epoch + 1, worker, from) { ClockSlack = clockSlack };
        _shares[share].Add(term);
        return term;
    }

    /// <summary>Whether everybody from whom a second is to be expected has told it.</summary>
    public bool IsComplete(int second) => _shares.TrueForAll(terms =>
    {
        var current = terms[^1];
        return current.IsLost || current.Ended is not null || second < current.FirstSecond || current.Seconds.Contains(second);
    });
}
