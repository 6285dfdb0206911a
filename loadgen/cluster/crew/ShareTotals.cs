using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>What has been told of a share so far, over all its workers. Not thread-safe.</summary>
internal sealed class ShareTotals(int requestCount)
{
    private readonly long[] _asked = new long[requestCount];
    private readonly long[] _sent = new long[requestCount];
    private readonly long[] _notSent = new long[requestCount];
    private readonly long[] _ended = new long[requestCount];

    public void Add(Interval second)
    {
        for (var i = 0; i < _asked.Length; i++)
        {
            var request = second.Requests[i];
            _asked[i] += request.Asked;
            _sent[i] += request.Sent;
            _notSent[i] += request.NotSent;
            _ended[i] += request.Ok + request.Failed;
        }
    }

    /// <summary>Requests that were asked for.</summary>
    public long Asked(int request) => _asked[request];

    /// <summary>Requests that were asked for, over all of the plan.</summary>
    public long AllAsked => _asked.Sum();

    /// <summary>Requests that were sent, over all of the plan.</summary>
    public long AllSent => _sent.Sum();

    /// <summary>Requests that were asked for and neither sent nor given up, as far as anybody has told.</summary>
    public long Waiting(int request) => Math.Max(0, _asked[request] - _sent[request] - _notSent[request]);

    /// <summary>Requests that were sent and of whose end nobody has told.</summary>
    public long UnderWay(int request) => Math.Max(0, _sent[request] - _ended[request]);
}
