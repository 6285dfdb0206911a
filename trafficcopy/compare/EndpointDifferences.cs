using Pressure.Record;

namespace Pressure.TrafficCopy;

/// <summary>
/// What differs in the answers of an endpoint. Whether a field is noise is known only when many answers have been seen, and whether an answer counts as
/// the same depends on it; so answers are counted by the set of fields in which they differ, and judged when somebody asks.
/// </summary>
internal sealed class EndpointDifferences(string endpoint, DifferenceBook book, int samples)
{
    /// <summary>Sets of fields that are told apart; an answer with another one counts as differing.</summary>
    private const int MostSets = 1_000;

    /// <summary>Stands in a set for fields that there was no room for.</summary>
    public const int Unkept = -1;

    private readonly Dictionary<(string Field, DifferenceKind Kind), Group> _groups = [];
    private readonly List<Group> _byId = [];
    private readonly Dictionary<string, (int[] Groups, long Answers)> _sets = [];
    private readonly HashSet<Group> _noisy = [];
    private long _otherSets;

    /// <summary>Answers that were compared.</summary>
    public long Answers { get; private set; }

    public void Add(string request, AnswerDifferences differences, AnswerDifferences? noise)
    {
        Answers++;
        CountNoise(noise);
        if (differences.IsSame)
            return;
        var set = new SortedSet<int>();
        foreach (var difference in differences.Found)
            set.Add(Count(request, difference));
        if (differences.HasMore)
            set.Add(Unkept);
        Count(set, answers: 1);
    }

    /// <summary>Answers without a difference that is more than noise.</summary>
    public long Same()
    {
        var differing = _sets.Values.Where(s => s.Groups.Any(g => g == Unkept || _byId[g].Differs(Answers))).Sum(s => s.Answers);
        return Answers - differing - _otherSets;
    }

    /// <summary>Its fields that differ in at least one answer.</summary>
    public IEnumerable<FieldDifference> Fields() => _byId.Where(g => g.Counts.Candidate > 0).Select(g =>
        new FieldDifference(endpoint, g.Field, g.Kind.ToString().ToLowerInvariant(), g.Counts.Candidate, Answers, g.Counts.Noise, [.. g.Samples]) { IsNoise = !g.Differs(Answers) });

    /// <summary>All of it, in a form that can be added up.</summary>
    /// <param name="room">What there is room for; sets beyond it count as others, the rarest first.</param>
    public EndpointAccount Account(AccountRoom room)
    {
        List<FieldAccount> fields = [.. _byId.Select(g => new FieldAccount(g.Field, g.Kind, g.Counts.Candidate, g.Counts.Noise, g.Counts.Both, [.. g.Samples.TakeWhile(_ => room.Samples-- > 0)]))];
        List<SetAccount> sets = [.. _sets.Values.OrderByDescending(s => s.Answers).TakeWhile(s => (room.Places -= s.Groups.Length + 1) >= 0).Select(s => new SetAccount(s.Groups, s.Answers))];
        return new(endpoint, Answers, fields, sets, _otherSets + _sets.Values.Sum(s => s.Answers) - sets.Sum(s => s.Answers));
    }

    /// <summary>Adds what was counted elsewhere.</summary>
    public void Add(EndpointAccount told)
    {
        Answers += told.Answers;
        _otherSets += told.OtherSets;
        int[] ids = [.. told.Fields.Select(Add)];
        foreach (var set in told.Sets)
            Count([.. set.Fields.Select(f => f < 0 ? Unkept : ids[f])], set.Answers);
    }

    private int Add(FieldAccount told)
    {
        if (Of(new AnswerDifference(told.Field, told.Kind, null, null)) is not { } group)
            return Unkept;
        var counts = group.Counts;
        group.Counts = new(counts.Candidate + told.Candidate, counts.Noise + told.Noise, counts.Both + told.Both);
        group.Samples.AddRange(told.Samples.Except(group.Samples).Take(Math.Max(0, samples - group.Samples.Count)));
        return group.Id;
    }

    private void CountNoise(AnswerDifferences? noise)
    {
        _noisy.Clear();
        foreach (var difference in noise?.Found ?? [])
        {
            if (Of(difference) is not { } group)
                continue;
            group.Counts = group.Counts with { Noise = group.Counts.Noise + 1 };
            _noisy.Add(group);
        }
    }

    private int Count(string request, AnswerDifference difference)
    {
        if (Of(difference) is not { } group)
            return Unkept;
        group.Counts = group.Counts with { Candidate = group.Counts.Candidate + 1, Both = group.Counts.Both + (_noisy.Contains(group) ? 1 : 0) };
        if (group.Samples.Count < samples && new DifferenceSample(Excerpt.Of(request), difference.Expected, difference.Actual) is var sample && !group.Samples.Contains(sample))
            group.Samples.Add(sample);
        return group.Id;
    }

    private void Count(SortedSet<int> set, long answers)
    {
        var key = string.Join(',', set);
        if (_sets.TryGetValue(key, out var known))
            _sets[key] = (known.Groups, known.Answers + answers);
        else if (_sets.Count < MostSets)
            _sets[key] = ([.. set], answers);
        else
            _otherSets += answers;
    }

    private Group? Of(AnswerDifference difference)
    {
        if (_groups.TryGetValue((difference.Field, difference.Kind), out var group))
            return group;
        if (!book.TryTakeField(endpoint, difference.Field, difference.Kind, _byId.Count))
            return null;
        group = new Group(_byId.Count, difference.Field, difference.Kind);
        _byId.Add(group);
        return _groups[(difference.Field, difference.Kind)] = group;
    }

    private sealed class Group(int id, string name, DifferenceKind kind)
    {
        public int Id => id;

        public string Field => name;

        public DifferenceKind Kind => kind;

        public FieldCounts Counts { get; set; }

        public List<DifferenceSample> Samples { get; } = [];

        public bool Differs(long answers) => NoiseTest.Differs(Counts, answers);
    }
}
