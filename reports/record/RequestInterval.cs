namespace Pressure.Record;

/// <summary>What happened to one request of the plan within one second. See <see cref="Interval"/> for which second counts.</summary>
/// <remarks>Conservation: over a whole run, Asked = Sent + NotSent and Sent = Ok + Failed.</remarks>
public sealed class RequestInterval
{
    /// <summary>A request that began later than this after it was due is late: as much as begins to show in response times of the web.</summary>
    public static readonly TimeSpan LateLimit = TimeSpan.FromMilliseconds(10);

    internal static readonly int ErrorKinds = Enum.GetValues<RequestError>().Length;

    private readonly StatusCounts _statuses = new();

    /// <summary>By kind; null until there is an error.</summary>
    private long[]? _errors;

    /// <summary>Requests whose intended start fell into this second.</summary>
    public long Asked { get; set; }

    /// <summary>Requests whose first byte was handed to the network, or whose connection attempt failed (the server may not have seen those).</summary>
    public long Sent { get; set; }

    /// <summary>
    /// Of those sent, requests that began (to be written, or their connection to be opened) more than <see cref="LateLimit"/> after
    /// they were due: for want of a free connection, or because the generator was behind. Always 0 in records of format 1.
    /// </summary>
    public long Late { get; set; }

    /// <summary>Requests that were due and never sent.</summary>
    public long NotSent { get; set; }

    /// <summary>Requests that ended well: response complete, checks held.</summary>
    public long Ok { get; set; }

    /// <summary>Requests that ended with an error or a failed check.</summary>
    public long Failed { get; set; }

    /// <summary>Checks that held.</summary>
    public long ChecksPassed { get; set; }

    /// <summary>Checks that did not hold.</summary>
    public long ChecksFailed { get; set; }

    /// <summary>Bytes written, headers included.</summary>
    public long BytesSent { get; set; }

    /// <summary>Bytes read, headers included.</summary>
    public long BytesReceived { get; set; }

    /// <summary>From the intended start to the last byte of the response (or to the error).</summary>
    public Histogram ResponseTime { get; internal set; } = new();

    /// <summary>From the actual send to the last byte of the response (or to the error).</summary>
    public Histogram ServiceTime { get; internal set; } = new();

    /// <summary>Where the time of the requests that ended went.</summary>
    public PhaseTimes Phases { get; } = new();

    /// <summary>Whether nothing at all was counted.</summary>
    internal bool IsIdle => (Asked | Sent | NotSent | Late | Ok | Failed | ChecksPassed | ChecksFailed | BytesSent | BytesReceived
        | ResponseTime.Count | ServiceTime.Count) == 0 && !Phases.Any && !Errors().Any() && !Statuses().Any();

    /// <summary>How many requests ended with an error.</summary>
    public long ErrorCount(RequestError error) => _errors?[(int)error] ?? 0;

    /// <summary>How many responses had a status (100 to 999).</summary>
    public long StatusCount(int status) => _statuses[status];

    /// <summary>Counts an error.</summary>
    public void CountError(RequestError error, long count = 1) => (_errors ??= new long[ErrorKinds])[(int)error] += count;

    /// <summary>Counts a status; one outside 0 to 999 is counted as 0.</summary>
    public void CountStatus(int status, long count = 1) => _statuses.Add(status, count);

    /// <summary>Errors that occurred, with their counts (without <see cref="RequestError.None"/>).</summary>
    public IEnumerable<(RequestError Error, long Count)> Errors()
    {
        for (var i = 1; i < _errors?.Length; i++)
        {
            if (_errors[i] > 0)
                yield return ((RequestError)i, _errors[i]);
        }
    }

    /// <summary>Statuses that occurred, with their counts.</summary>
    public IEnumerable<(int Status, long Count)> Statuses() => _statuses.Seen();

    /// <summary>Adds another's counts to this one.</summary>
    public void Add(RequestInterval other)
    {
        Asked += other.Asked;
        Sent += other.Sent;
        Late += other.Late;
        NotSent += other.NotSent;
        Ok += other.Ok;
        Failed += other.Failed;
        ChecksPassed += other.ChecksPassed;
        ChecksFailed += other.ChecksFailed;
        BytesSent += other.BytesSent;
        BytesReceived += other.BytesReceived;
        ResponseTime.Add(other.ResponseTime);
        ServiceTime.Add(other.ServiceTime);
        Phases.Add(other.Phases);
        for (var i = 0; i < other._errors?.Length; i++)
            (_errors ??= new long[ErrorKinds])[i] += other._errors[i];
        _statuses.Add(other._statuses);
    }

    /// <summary>Forgets all counts, keeps the memory.</summary>
    public void Clear()
    {
        Asked = Sent = Late = NotSent = Ok = Failed = 0;
        ChecksPassed = ChecksFailed = 0;
        BytesSent = BytesReceived = 0;
        ResponseTime.Clear();
        ServiceTime.Clear();
        Phases.Clear();
        Array.Clear(_errors ?? []);
        _statuses.Clear();
    }
}
