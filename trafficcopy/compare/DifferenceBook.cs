using Pressure.Record;

namespace Pressure.TrafficCopy;

/// <summary>What answers were held against.</summary>
public enum ComparedWith
{
    /// <summary>The captured answer.</summary>
    Captured,

    /// <summary>A primary's answer to the same request.</summary>
    Primary,

    /// <summary>The same, and a secondary's answer tells what is noise.</summary>
    PrimaryAndSecondary,
}

/// <summary>How much a <see cref="DifferenceBook"/> keeps.</summary>
public sealed record DifferenceLimits
{
    /// <summary>Endpoints; others are one, <c>*</c>.</summary>
    public int Endpoints { get; init; } = 500;

    /// <summary>Fields of an endpoint, each with a kind of difference.</summary>
    public int FieldsOfEndpoint { get; init; } = 100;

    /// <summary>Fields in all.</summary>
    public int Fields { get; init; } = 2_000;

    /// <summary>Fields in a record.</summary>
    public int RecordedFields { get; init; } = 500;

    /// <summary>Examples of a field.</summary>
    public int Samples { get; init; } = 3;
}

/// <summary>What is left of the room that an account has: so that it fits into a message, however its texts are written.</summary>
internal sealed class AccountRoom
{
    /// <summary>Examples.</summary>
    public int Samples { get; set; } = 1_500;

    /// <summary>Places of fields in sets.</summary>
    public int Places { get; set; } = 200_000;
}

/// <summary>Differences by endpoint and field, as they are found. Thread-safe; its size has a bound, whatever answers bring.</summary>
public sealed class DifferenceBook(ComparedWith against, DifferenceLimits? limits = null)
{
    private const string OtherEndpoints = "*";

    private readonly Lock _lock = new();
    private readonly DifferenceLimits _limits = limits ?? new();
    private readonly Dictionary<string, EndpointDifferences> _endpoints = [];
    private readonly Dictionary<string, long> _notCompared = [];
    private readonly Dictionary<LeftOut, long> _leftOut = [];
    private readonly SeenGroups _unkept = new();
    private int _fields;
    private long _unkeptElsewhere;

    /// <summary>What answers are held against.</summary>
    public ComparedWith Against => against;

    /// <summary>Takes what was found of an answer.</summary>
    /// <param name="endpoint">Such as <c>GET /item/{id}</c>.</param>
    /// <param name="request">Path and query, for examples.</param>
    /// <param name="differences">The candidate's against what was to be expected.</param>
    /// <param name="noise">The secondary's against the primary's; null without them.</param>
    public void Add(string endpoint, string request, AnswerDifferences differences, AnswerDifferences? noise = null)
    {
        lock (_lock)
        {
            Count(differences.LeftOut | (noise?.LeftOut ?? LeftOut.None));
            Of(endpoint).Add(request, differences, noise);
        }
    }

    /// <summary>Counts answers that were not compared.</summary>
    /// <param name="reason">A stable word: <c>no-answer</c>, <c>behind</c>, <c>incomplete</c>, ...</param>
    /// <param name="answers">How many.</param>
    public void NotCompared(string reason, long answers = 1)
    {
        lock (_lock)
            _notCompared[reason] = _notCompared.GetValueOrDefault(reason) + answers;
    }

    /// <summary>Adds what another book has counted of the same comparison; it was looked at by <see cref="DifferenceAccount.WhyUnsound"/> if it comes from elsewhere.</summary>
    public void Add(DifferenceAccount told)
    {
        lock (_lock)
        {
            foreach (var (reason, answers) in told.NotCompared)
                _notCompared[reason] = _notCompared.GetValueOrDefault(reason) + answers;
            foreach (var (part, answers) in told.PartsLeftOut)
                _leftOut[part] = _leftOut.GetValueOrDefault(part) + answers;
            foreach (var endpoint in told.Endpoints)
                Of(endpoint.Endpoint).Add(endpoint);
            _unkeptElsewhere += told.Unkept;
        }
    }

    /// <summary>All of it up to now, in a form that can be added to another book.</summary>
    public DifferenceAccount Account()
    {
        var room = new AccountRoom();
        lock (_lock)
        {
            return new DifferenceAccount
            {
                Endpoints = [.. _endpoints.Values.Select(e => e.Account(room))],
                NotCompared = new Dictionary<string, long>(_notCompared),
                PartsLeftOut = new Dictionary<LeftOut, long>(_leftOut),
                Unkept = _unkept.Count,
            };
        }
    }

    /// <summary>All of it up to now.</summary>
    public DifferenceRecord Snapshot()
    {
        lock (_lock)
        {
            List<FieldDifference> fields = [.. _endpoints.Values.SelectMany(e => e.Fields()).OrderBy(f => f.IsNoise).ThenByDescending(f => f.Answers).ThenBy(f => f.Endpoint, StringComparer.Ordinal).ThenBy(f => f.Field, StringComparer.Ordinal)];
            return new DifferenceRecord
            {
                Compared = _endpoints.Values.Sum(e => e.Answers),
                Same = _endpoints.Values.Sum(e => e.Same()),
                NotCompared = new Dictionary<string, long>(_notCompared),
                PartsLeftOut = _leftOut.ToDictionary(l => l.Key.ToString().ToLowerInvariant(), l => l.Value),
                Against = Word(against),
                Fields = [.. fields.Take(_limits.RecordedFields)],
                MoreFields = _unkept.Count + _unkeptElsewhere + Math.Max(0, fields.Count - _limits.RecordedFields),
            };
        }
    }

    /// <summary>Whether there is room for another field; counts it as there.</summary>
    internal bool TryTakeField(string endpoint, string field, DifferenceKind kind, int ofEndpoint)
    {
        if (ofEndpoint < _limits.FieldsOfEndpoint && _fields < _limits.Fields)
        {
            _fields++;
            return true;
        }
        _unkept.Add(HashCode.Combine(endpoint, field, kind));
        return false;
    }

    private void Count(LeftOut left)
    {
        if (left == LeftOut.None)
            return;
        foreach (var part in Enum.GetValues<LeftOut>().Where(p => p != LeftOut.None && left.HasFlag(p)))
            _leftOut[part] = _leftOut.GetValueOrDefault(part) + 1;
    }

    private EndpointDifferences Of(string endpoint)
    {
        if (!_endpoints.ContainsKey(endpoint) && _endpoints.Count >= _limits.Endpoints)
            endpoint = OtherEndpoints;
        if (!_endpoints.TryGetValue(endpoint, out var found))
            _endpoints[endpoint] = found = new EndpointDifferences(endpoint, this, _limits.Samples);
        return found;
    }

    private static string Word(ComparedWith against) => against switch
    {
        ComparedWith.Captured => "captured",
        ComparedWith.Primary => "primary",
        _ => "primary-secondary",
    };

    /// <summary>How many different ones there were, up to a number beyond which nobody counts.</summary>
    private sealed class SeenGroups
    {
        private const int Most = 10_000;

        private readonly HashSet<int> _seen = [];

        public int Count => _seen.Count;

        public void Add(int group)
        {
            if (_seen.Count < Most)
                _seen.Add(group);
        }
    }
}
