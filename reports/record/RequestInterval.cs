namespace Pressure.Record;

/// <summary>What happened to one request of the plan within one second. See <see cref="Interval"/> for which second counts.</summary>
/// <remarks>Conservation: over a whole run, Asked = Sent + NotSent and Sent = Ok + Failed.</remarks>
public sealed class RequestInterval
{
    private readonly long[] _errors = new long[Enum.GetValues<RequestError>().Length];
    private readonly long[] _statuses = new long[1000];

    /// <summary>Requests whose intended start fell into this second.</summary>
    public long Asked { get; set; }

    /// <summary>Requests whose first byte was handed to the network, or whose connection attempt failed (the server may not have seen those).</summary>
    public long Sent { get; set; }

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
    public Histogram ResponseTime { get; } = new();

    /// <summary>From the actual send to the last byte of the response (or to the error).</summary>
    public Histogram ServiceTime { get; } = new();

    /// <summary>How many requests ended with an error.</summary>
    public long ErrorCount(RequestError error) => _errors[(int)error];

    /// <summary>How many responses had a status (100 to 999).</summary>
    public long StatusCount(int status) => (uint)status < (uint)_statuses.Length ? _statuses[status] : 0;

    /// <summary>Counts an error.</summary>
    public void CountError(RequestError error, long count = 1) => _errors[(int)error] += count;

    /// <summary>Counts a status; one outside 0 to 999 is counted as 0.</summary>
    public void CountStatus(int status, long count = 1) => _statuses[(uint)status < (uint)_statuses.Length ? status : 0] += count;

    /// <summary>Errors that occurred, with their counts (without <see cref="RequestError.None"/>).</summary>
    public IEnumerable<(RequestError Error, long Count)> Errors()
    {
        for (var i = 1; i < _errors.Length; i++)
        {
            if (_errors[i] > 0)
                yield return ((RequestError)i, _errors[i]);
        }
    }

    /// <summary>Statuses that occurred, with their counts.</summary>
    public IEnumerable<(int Status, long Count)> Statuses()
    {
        for (var i = 0; i < _statuses.Length; i++)
        {
            if (_statuses[i] > 0)
                yield return (i, _statuses[i]);
        }
    }

    /// <summary>Adds another's counts to this one.</summary>
    public void Add(RequestInterval other)
    {
        Asked += other.Asked;
        Sent += other.Sent;
        NotSent += other.NotSent;
        Ok += other.Ok;
        Failed += other.Failed;
        ChecksPassed += other.ChecksPassed;
        ChecksFailed += other.ChecksFailed;
        BytesSent += other.BytesSent;
        BytesReceived += other.BytesReceived;
        ResponseTime.Add(other.ResponseTime);
        ServiceTime.Add(other.ServiceTime);
        for (var i = 0; i < _errors.Length; i++)
            _errors[i] += other._errors[i];
        for (var i = 0; i < _statuses.Length; i++)
            _statuses[i] += other._statuses[i];
    }

    /// <summary>Forgets all counts, keeps the memory.</summary>
    public void Clear()
    {
        Asked = Sent = NotSent = Ok = Failed = 0;
        ChecksPassed = ChecksFailed = 0;
        BytesSent = BytesReceived = 0;
        ResponseTime.Clear();
        ServiceTime.Clear();
        Array.Clear(_errors);
        Array.Clear(_statuses);
    }
}
