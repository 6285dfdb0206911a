using Pressure.LoadGen;

namespace Pressure.Cluster;

/// <summary>Who is to make each share, until all are ready: whoever says no or is gone meanwhile is replaced as long as there are others. Not thread-safe.</summary>
/// <param name="wish">What is wanted.</param>
/// <param name="choice">Who was chosen first; weights stay theirs, since the others know them already.</param>
/// <param name="desk">Where workers answer.</param>
internal sealed class CrewSeats(WorkersWish wish, CrewChoice choice, CrewDesk desk)
{
    private readonly List<CrewMember> _members = [.. choice.Workers.Select(c => new CrewMember(c))];
    private readonly HashSet<string> _tried = [.. choice.Workers.Select(c => c.Name)];
    private readonly List<string> _notices = [];

    /// <summary>In the order of their shares.</summary>
    public IReadOnlyList<CrewMember> Members => _members;

    /// <summary>Names of those who have not answered.</summary>
    public IReadOnlyList<string> Waiting => [.. _members.Where(m => m.Ready is null).Select(m => m.Name)];

    /// <summary>Who was replaced, and why.</summary>
    public IReadOnlyList<string> Notices => _notices;

    /// <summary>Who has which share, for orders.</summary>
    public IReadOnlyList<ShareHolder> Holders => [.. _members.Select((m, share) => new ShareHolder(share, 0, m.Name))];

    /// <summary>Takes what they have answered by now; tells the shares that somebody else is to make, who knows nothing of it yet.</summary>
    public IReadOnlyList<int> Look()
    {
        var there = desk.There;
        var replaced = new List<int>();
        for (var share = 0; share < _members.Count; share++)
        {
            var member = _members[share];
            // Each time: who was ready may have left since.
            member.Ready = desk.ReadyOf(member.Name, share);
            if (WhyNot(member, there) is not { } why || SpareFor(member.Card, there) is not { } spare)
                continue;
            _notices.Add($"Worker {spare.Name} makes the share of worker {member.Name}: {why}");
            _tried.Add(spare.Name);
            _members[share] = new CrewMember(spare);
            replaced.Add(share);
        }
        if (replaced.Count > 0)
            desk.Know(_members.Select(m => m.Name));
        return replaced;
    }

    private static string? WhyNot(CrewMember member, IReadOnlyList<WorkerCard> there)
    {
        if (member.Ready?.Problems is [var problem, ..])
            return problem;
        return there.Any(c => c.Name == member.Name && c.Instance == member.Card.Instance) ? null : "it is gone.";
    }

    /// <summary>The strongest that is free, was not asked yet, and stands where one is wanted.</summary>
    private WorkerCard? SpareFor(WorkerCard lost, IReadOnlyList<WorkerCard> there) => there
        .GroupBy(c => c.Name).Where(n => n.Count() == 1).Select(n => n.First())
        .Where(c => c.Run is null && c.Version == ProductVersion.Text && !_tried.Contains(c.Name) && (wish.Regions.Count == 0 || c.Region == lost.Region))
        .OrderByDescending(c => c.Capacity).ThenBy(c => c.Name, StringComparer.Ordinal).FirstOrDefault();
}
