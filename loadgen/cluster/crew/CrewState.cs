namespace Pressure.Cluster;

/// <summary>What came of a beat.</summary>
internal enum BeatFate
{
    /// <summary>It is not of one of the run's workers, or came too late to be one.</summary>
    PassedOver,

    /// <summary>Its worker is alive.</summary>
    Heard,

    /// <summary>The same, and it is the first of that worker.</summary>
    First,
}

/// <summary>Who makes what, who is heard, and who takes over from whom. Decides, and sends nothing itself. Not thread-safe.</summary>
/// <param name="ledger">The shares.</param>
/// <param name="members">The workers that the run began with.</param>
/// <param name="weights">Of the shares.</param>
/// <param name="heartbeat">How often workers are heard.</param>
/// <param name="lease">How long a worker goes on unheard.</param>
internal sealed class CrewState(ShareLedger ledger, IEnumerable<CrewMember> members, IReadOnlyList<int> weights, TimeSpan heartbeat, TimeSpan lease)
{
    // A clock that was asked some time ago may have gone wrong by a little more.
    private static readonly TimeSpan ClockAllowance = TimeSpan.FromMilliseconds(25);

    private readonly Dictionary<string, CrewMember> _members = members.ToDictionary(m => m.Name);

    public ShareLedger Ledger => ledger;

    public IReadOnlyCollection<CrewMember> Members => _members.Values;

    public CrewMember? Find(string worker) => _members.GetValueOrDefault(worker);

    /// <summary>Numbers of the last beats heard.</summary>
    public IReadOnlyDictionary<string, long> Beats => _members.Values.Where(m => m.Beat > 0).ToDictionary(m => m.Name, m => m.Beat);

    /// <summary>Takes a beat.</summary>
    public BeatFate Take(Beat beat, TimeSpan now)
    {
        if (Find(beat.Worker) is not { } member || member.Card.Instance != beat.Instance || beat.Number <= member.Beat)
            return BeatFate.PassedOver;
        var fate = member.Beat == 0 ? BeatFate.First : BeatFate.Heard;
        (member.Beat, member.Heard) = (beat.Number, now);
        foreach (var held in beat.Shares)
        {
            if (ledger.Find(held.Share, held.Epoch, beat.Worker) is { } term)
                term.Listed = now;
        }
        return fate;
    }

    /// <summary>Workers that were not heard for so long that their lease is about to end, with their silence: they are lost from here on.</summary>
    public IReadOnlyList<(CrewMember Worker, TimeSpan Silence)> Silent(TimeSpan now)
    {
        var silent = _members.Values.Where(m => !m.IsLost && now - m.Heard > LeaseTimes.Patience(lease) && ledger.Current.Any(t => t.Worker == m.Name && !t.IsLost && t.Ended is null)).ToList();
        foreach (var member in silent)
        {
            member.IsLost = true;
            ledger.Lose(member.Name);
        }
        return silent.ConvertAll(m => (m, now - m.Heard));
    }

    /// <summary>Shares whose workers are heard and have not said for the lease that they make them: they began anew, or were never told.</summary>
    public IReadOnlyList<ShareTerm> Unlisted(TimeSpan now) =>
        [.. ledger.Current.Where(t => t is { IsLost: false, Ended: null } && now - t.Listed > lease + heartbeat && Find(t.Worker) is { IsLost: false })];

    /// <summary>Gives the shares that nobody makes to others, as far as there are any.</summary>
    /// <param name="now">On the run's clock.</param>
    /// <param name="end">Where the load ends: nobody begins there or later.</param>
    /// <param name="there">Cards of the workers that are there.</param>
    public IReadOnlyList<(ShareTerm From, ShareTerm To)> TakeOver(TimeSpan now, TimeSpan end, IReadOnlyList<WorkerCard> there)
    {
        var taken = new List<(ShareTerm, ShareTerm)>();
        foreach (var lost in ledger.Current.Where(t => t.IsLost).ToList())
        {
            if (ChooseFor(lost, now, there) is not { } next)
                continue;
            var fence = lost.Ended is null && Find(lost.Worker) is { } before ? before.Heard + lease : now;
            var from = BeginOf(next, fence, now);
            if (from >= end)
                continue;
            if (next.IsLost || !_members.ContainsKey(next.Name))
                (next.IsLost, next.Beat, next.Heard) = (false, 0, now);
            _members[next.Name] = next;
            var given = ledger.Give(lost.Share, next.Name, from, from - fence);
            given.Listed = now;
            taken.Add((lost, given));
        }
        return taken;
    }

    /// <summary>When a worker can begin: surely after the fence, however wrong its clock is, and not before it can be ready.</summary>
    private static TimeSpan BeginOf(CrewMember next, TimeSpan fence, TimeSpan now)
    {
        var clock = fence + ClockAllowance + next.ClockUncertainty;
        var notice = now + (next.IsReady ? LeaseTimes.ShortNotice : LeaseTimes.LongNotice);
        return TimeSpan.FromMilliseconds(Math.Ceiling((clock > notice ? clock : notice).TotalMilliseconds));
    }

    /// <summary>A free worker if there is one, of the lost one's region if possible; else the one with the most to spare.</summary>
    private CrewMember? ChooseFor(ShareTerm lost, TimeSpan now, IReadOnlyList<WorkerCard> there)
    {
        var region = Find(lost.Worker)?.Card.Region ?? "";
        var spare = there.GroupBy(c => c.Name).Where(n => n.Count() == 1).Select(n => n.First())
            .Where(c => c.Run is null && c.Version == ProductVersion.Text && IsFree(c))
            .OrderByDescending(c => c.Region == region).ThenByDescending(c => c.Capacity).FirstOrDefault();
        var survivor = _members.Values
            .Where(m => !m.IsLost && !m.HasRefused && now - m.Heard < 1.5 * heartbeat)
            .OrderByDescending(m => m.Card.Region == region).ThenBy(BurdenOf).ThenBy(m => m.Name, StringComparer.Ordinal).FirstOrDefault();
        // A run over regions is not helped by load from another one while there is somebody in its own.
        var isFar = spare is not null && spare.Region != region && survivor?.Card.Region == region;
        return spare is null || isFar ? survivor : Find(spare.Name) is { } known && known.Card.Instance == spare.Instance ? known : new CrewMember(spare);
    }

    private bool IsFree(WorkerCard card) =>
        Find(card.Name) is not { } member || (!member.HasRefused && (member.IsLost || member.Card.Instance != card.Instance) && !ledger.Current.Any(t => t.Worker == card.Name && !t.IsLost));

    /// <summary>How much of the load a worker has, by what it can do.</summary>
    private double BurdenOf(CrewMember member)
    {
        var weight = ledger.Current.Where(t => t.Worker == member.Name && !t.IsLost && t.Ended is null).Sum(t => weights[t.Share]);
        return weight / (member.Card.Capacity > 0 ? member.Card.Capacity : 1);
    }
}
