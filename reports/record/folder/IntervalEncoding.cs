namespace Pressure.Record;

/// <summary>An interval as bytes: a version, then varints in a fixed order, sparse where most are zero. See docs/run-folder.md.</summary>
internal static class IntervalEncoding
{
    private const byte Version = 2;
    private const byte WithoutPhases = 1;
    private const byte Idle = 0;
    private const byte Active = 1;

    public static byte[] Write(Interval interval)
    {
        var sink = new ByteSink();
        sink.Byte(Version);
        sink.Count(interval.Share);
        sink.Count(interval.Second);
        sink.Count(interval.IterationsStarted);
        sink.Count(interval.IterationsEnded);
        sink.Count(interval.IterationsDropped);
        sink.Count(interval.OpenConnections);
        sink.Count(interval.InFlight);
        Write(sink, interval.Lateness);
        sink.Count(interval.Requests.Count);
        foreach (var request in interval.Requests)
            Write(sink, request);
        return sink.Written.ToArray();
    }

    public static Interval Read(ReadOnlySpan<byte> bytes)
    {
        var source = new ByteSource(bytes);
        var version = source.Byte();
        if (version is not (Version or WithoutPhases))
            throw new InvalidDataException($"The interval has version {version}; this program reads versions {WithoutPhases} and {Version}.");
        var (share, second) = (Int32(ref source), Int32(ref source));
        var (started, ended, dropped) = (source.Count(), source.Count(), source.Count());
        var (connections, inFlight) = (Int32(ref source), Int32(ref source));
        var lateness = Histogram(ref source);
        var requestCount = source.Count();
        if (requestCount > source.Left)
            throw new InvalidDataException($"The interval claims {requestCount} requests in {source.Left} bytes.");
        var interval = new Interval(share, second, (int)requestCount)
        {
            IterationsStarted = started,
            IterationsEnded = ended,
            IterationsDropped = dropped,
            OpenConnections = connections,
            InFlight = inFlight,
            Lateness = lateness,
        };
        foreach (var request in interval.Requests)
            Read(request, ref source, withPhases: version >= Version);
        if (source.Left > 0)
            throw new InvalidDataException($"{source.Left} bytes follow the interval.");
        return interval;
    }

    private static void Write(ByteSink sink, RequestInterval request)
    {
        // Of a plan with thousands of requests most are idle in most seconds.
        sink.Byte(request.IsIdle ? Idle : Active);
        if (request.IsIdle)
            return;
        sink.Count(request.Asked);
        sink.Count(request.Sent);
        sink.Count(request.NotSent);
        sink.Count(request.Ok);
        sink.Count(request.Failed);
        sink.Count(request.ChecksPassed);
        sink.Count(request.ChecksFailed);
        sink.Count(request.BytesSent);
        sink.Count(request.BytesReceived);
        Write(sink, request.ResponseTime);
        Write(sink, request.ServiceTime);
        Write(sink, request.Errors().Select(e => ((int)e.Error, e.Count)));
        Write(sink, request.Statuses());
        sink.Count(request.Late);
        WritePhases(sink, request);
    }

    private static void Read(RequestInterval request, ref ByteSource source, bool withPhases)
    {
        if (withPhases && IsIdle(source.Byte()))
            return;
        request.Asked = source.Count();
        request.Sent = source.Count();
        request.NotSent = source.Count();
        request.Ok = source.Count();
        request.Failed = source.Count();
        request.ChecksPassed = source.Count();
        request.ChecksFailed = source.Count();
        request.BytesSent = source.Count();
        request.BytesReceived = source.Count();
        request.ResponseTime = Histogram(ref source);
        request.ServiceTime = Histogram(ref source);
        for (var left = source.Count(); left > 0; left--)
            request.CountError((RequestError)Key(ref source, RequestInterval.ErrorKinds), source.Count());
        for (var left = source.Count(); left > 0; left--)
            request.CountStatus(Key(ref source, StatusCounts.Limit), source.Count());
        if (!withPhases)
            return;
        request.Late = source.Count();
        ReadPhases(request, ref source);
    }

    private static bool IsIdle(byte mark) => mark switch
    {
        Idle => true,
        Active => false,
        _ => throw new InvalidDataException($"A request is marked {Idle} or {Active}, not {mark}."),
    };

    private static void WritePhases(ByteSink sink, RequestInterval request)
    {
        var measured = Enum.GetValues<RequestPhase>().Where(p => request.Phases[p] is not null).ToList();
        sink.Count(measured.Count);
        foreach (var phase in measured)
        {
            sink.Count((int)phase);
            var times = request.Phases[phase]!.Encode();
            // Where requests go out and responses come in at one go, waiting is all there is: no need to say it twice.
            if (phase == RequestPhase.Waiting && times.AsSpan().SequenceEqual(request.ServiceTime.Encode()))
                times = [];
            sink.Count(times.Length);
            sink.Bytes(times);
        }
    }

    private static void ReadPhases(RequestInterval request, ref ByteSource source)
    {
        for (var left = source.Count(); left > 0; left--)
        {
            var phase = (RequestPhase)Key(ref source, PhaseTimes.Count);
            var times = Histogram(ref source);
            request.Phases[phase] = times.Count == 0 && phase == RequestPhase.Waiting ? request.ServiceTime.Copy() : times;
        }
    }

    private static void Write(ByteSink sink, Histogram histogram)
    {
        // Most requests of most seconds are idle: an empty histogram is a single byte.
        var bytes = histogram.Count == 0 ? [] : histogram.Encode();
        sink.Count(bytes.Length);
        sink.Bytes(bytes);
    }

    private static Histogram Histogram(ref ByteSource source)
    {
        var length = source.Count();
        return length == 0 ? new Histogram() : Record.Histogram.Decode(source.Bytes((int)Math.Min(length, int.MaxValue)));
    }

    private static void Write(ByteSink sink, IEnumerable<(int Key, long Count)> counts)
    {
        var occurred = counts.ToList();
        sink.Count(occurred.Count);
        foreach (var (key, count) in occurred)
        {
            sink.Count(key);
            sink.Count(count);
        }
    }

    private static int Key(ref ByteSource source, int limit)
    {
        var key = source.Count();
        return key < limit ? (int)key : throw new InvalidDataException($"{key} is not below {limit}.");
    }

    private static int Int32(ref ByteSource source)
    {
        var value = source.Count();
        return value <= int.MaxValue ? (int)value : throw new InvalidDataException($"{value} does not fit into 32 bits.");
    }
}
