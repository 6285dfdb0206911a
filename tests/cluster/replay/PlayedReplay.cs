using System.Buffers;
using System.Text;
using Pressure.LoadGen;
using Pressure.Record;
using Pressure.TestKit;
using Pressure.TrafficCopy;

namespace Pressure.Cluster.Tests;

/// <summary>What a replay would have sent: an engine without sockets takes everything, and answers at once.</summary>
internal sealed record PlayedReplay(IReadOnlyList<PlayedRequest> Requests, ReplayRecord Account)
{
    /// <summary>The account as a worker tells it.</summary>
    public required ReplayAccount Told { get; init; }

    /// <summary>An answer, made of the request as it was sent.</summary>
    public delegate (string Head, string Body) Answer(PlayedRequest request);

    public static PlayedReplay Of(ReplayOrder order, int lanes, params FakeCapture[] captures) => Of(order, lanes, null, captures);

    public static PlayedReplay Of(ReplayOrder order, int lanes, Answer? answer, params FakeCapture[] captures) => Of(order, lanes, answer, int.MaxValue, captures);

    public static PlayedReplay Of(ReplayOrder order, int lanes, Answer? answer, int most, params FakeCapture[] captures) => Of(order, WorkShare.Whole, lanes, answer, most, captures);

    public static PlayedReplay Of(ReplayOrder order, WorkShare share, int lanes, params FakeCapture[] captures) => Of(order, share, lanes, null, int.MaxValue, captures);

    private static PlayedReplay Of(ReplayOrder order, WorkShare share, int lanes, Answer? answer, int most, FakeCapture[] captures)
    {
        var job = JobOf(order, captures);
        using var source = new ReplaySource(job, new FakeTime());
        var feeds = Enumerable.Range(0, lanes).Select(l => source.Open(new(share, l, lanes, "run-1"))).ToList();
        var requests = new List<PlayedRequest>();
        // As lanes do it, in turns; a full lane must not keep the others from theirs.
        while (requests.Count < most && feeds.Any(f => !f.IsExhausted))
        {
            for (var lane = 0; lane < lanes; lane++)
            {
                while (requests.Count < most && feeds[lane].NextDue != TimeSpan.MaxValue)
                    requests.Add(Play(feeds[lane], lane, order, answer));
            }
        }

        source.End(TimeSpan.MaxValue);
        Assert.Null(source.Failure);
        return new(requests, source.Account()) { Told = source.Tell() };
    }

    public static ReplayJob JobOf(ReplayOrder order, params FakeCapture[] captures) => new()
    {
        Order = order,
        Captures = captures,
        Endpoints = new EndpointTable(captures.SelectMany(c => c.Info.Endpoints)).Endpoints,
        Target = new("http://127.0.0.1:5080/"),
        Seed = 7,
    };

    private static PlayedRequest Play(IReplayFeed feed, int lane, ReplayOrder order, Answer? answer)
    {
        var taken = feed.Take();
        if (taken.IsFarewell)
        {
            var farewell = new PlayedRequest(lane, taken.Client, taken.Due, "", false, true, 0, null);
            feed.Drop(taken);
            return farewell;
        }

        var bytes = new ArrayBufferWriter<byte>();
        taken.Write(bytes, "00-11111111111111111111111111111111-2222222222222222-01"u8);
        var played = new PlayedRequest(lane, taken.Client, taken.Due, Encoding.Latin1.GetString(bytes.WrittenSpan), taken.IsLast, false, taken.Endpoint, taken.AwaitedBytes);
        var (head, body) = answer?.Invoke(played) ?? ("HTTP/1.1 200 OK\r\n", "");
        taken.Over(new ReplayedAnswer
        {
            Status = 200,
            SentAt = taken.Due,
            EndedAt = taken.Due,
            Head = taken.Wanted == AnswerParts.None ? default : Encoding.Latin1.GetBytes(head),
            Body = taken.Wanted == AnswerParts.Whole ? Encoding.Latin1.GetBytes(body) : default,
        });
        return played;
    }
}

/// <summary>A request as it went out.</summary>
internal sealed record PlayedRequest(int Lane, long Client, TimeSpan Due, string Text, bool IsLast, bool IsFarewell, int Endpoint, int? Awaited)
{
    public string Head => Text[..(Text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 2)];

    public string Body => Text[(Text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];

    public string StartLine => Text[..Text.IndexOf("\r\n", StringComparison.Ordinal)];

    public string Target => StartLine.Split(' ')[1];

    /// <summary>The values of a field, joined.</summary>
    public string? Field(string name)
    {
        var values = Head.Split("\r\n").Where(l => l.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(l => l[(name.Length + 1)..].Trim()).ToList();
        return values.Count == 0 ? null : string.Join(" | ", values);
    }
}
