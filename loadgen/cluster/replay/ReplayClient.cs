using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>What one replayed client has learnt from its answers. Made by the reader, then used by its lane's thread alone.</summary>
internal sealed class ReplayClient(long id, int? lane)
{
    private byte[]?[]? _values;
    private byte[]?[]? _latest;

    /// <summary>Unique in the run.</summary>
    public long Id => id;

    /// <summary>Whether it belongs to this engine's share.</summary>
    public bool IsOurs => lane is not null;

    /// <summary>The lane that it belongs to, if it is ours.</summary>
    public int Lane => lane!.Value;

    /// <summary>How long after its captured client it comes.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Whether any answer gave it something that changes its requests.</summary>
    public bool HasLearnt => Cookies is not null || _latest is not null;

    /// <summary>Its cookies; null before an answer has set one.</summary>
    public ClientCookies? Cookies { get; private set; }

    /// <summary>The value that stands for one of the captured ones; null while there is none.</summary>
    public byte[]? Value(int number) => _values is { } values && number < values.Length ? values[number] : null;

    /// <summary>The latest value of a rule; null while there is none.</summary>
    public byte[]? Latest(int rule) => _latest?[rule];

    /// <summary>Takes what an answer gives for later requests.</summary>
    public void Learn(EncodedRequest request, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, CarryRules rules, DateTimeOffset now)
    {
        if (request.CookieAt >= 0 && head.IndexOf("ookie:"u8) >= 0)
            TakeCookies(head, RequestForm.PathOf(request.Buffer.AsSpan()[request.Target]), now);
        if (request.Expected.Count == 0)
            return;
        var answer = new AnswerBody(body);
        foreach (var expected in request.Expected)
        {
            if (rules.Take(expected.Rule, head, ref answer) is { } value)
                TakeValue(expected, value, rules.Count);
        }
    }

    /// <summary>Takes the cookies that an answer sets.</summary>
    public void TakeCookies(ReadOnlySpan<byte> head, ReadOnlySpan<byte> path, DateTimeOffset now)
    {
        foreach (var field in new HttpHead(head))
        {
            if (field.Is("set-cookie"u8))
                (Cookies ??= new()).Take(field.Value, path, now);
        }
    }

    /// <summary>Takes a value of an answer.</summary>
    public void TakeValue(ExpectedValue expected, byte[] value, int rules)
    {
        (_latest ??= new byte[]?[rules])[expected.Rule] = value;
        if (expected.Value < 0)
            return;
        if (_values is null || _values.Length <= expected.Value)
            Array.Resize(ref _values, Math.Min(CapturedValues.Most, Math.Max(4, (expected.Value + 1) * 2)));
        _values[expected.Value] = value;
    }
}
