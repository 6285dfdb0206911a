namespace Pressure.Cluster;

/// <summary>Requests that can be used again. Used by the reader's thread.</summary>
internal sealed class ReplayPool(IReadOnlyList<ReplayFeed> feeds)
{
    private const int MostKept = 65_536;

    private readonly Stack<SentRequest> _sent = new();
    private readonly Stack<EncodedRequest> _encoded = new();

    /// <summary>One to send.</summary>
    public SentRequest Sent()
    {
        if (_sent.Count == 0)
            TakeBack();
        return _sent.TryPop(out var one) ? one : new();
    }

    /// <summary>One to encode into, used by one.</summary>
    public EncodedRequest Encoded()
    {
        if (_encoded.Count == 0)
            TakeBack();
        var one = _encoded.TryPop(out var kept) ? kept : new();
        one.Users = 1;
        return one;
    }

    /// <summary>One user less; the last one gives it back.</summary>
    public void Release(EncodedRequest request)
    {
        if (--request.Users > 0 || _encoded.Count == MostKept)
            return;
        request.Clear();
        _encoded.Push(request);
    }

    private void TakeBack()
    {
        foreach (var feed in feeds)
        {
            while (feed.TakeBack() is { } sent)
            {
                if (sent.Request is { } request)
                    Release(request);
                sent.Clear();
                if (_sent.Count < MostKept)
                    _sent.Push(sent);
            }
        }
    }
}
