namespace Pressure.LoadGen.Engine;

/// <summary>
/// The clients of a lane that have something to do, or a connection. Whoever has neither is forgotten, so that memory grows with connections and
/// waiting requests, not with how many clients a capture has.
/// </summary>
internal sealed class ReplayClients(IReplayFeed feed)
{
    // Conversations that broke off are remembered to their end, or their rest would go out over a new connection; not more of them than this.
    private const int MostBroken = 100_000;

    private readonly Dictionary<long, ReplayClient> _known = [];
    private readonly Stack<ReplayClient> _free = [];
    private readonly Queue<long> _broken = [];

    /// <summary>Where their requests come from.</summary>
    public IReplayFeed Feed => feed;

    /// <summary>What is kept of answers.</summary>
    public AnswerCopies Copies { get; } = new();

    /// <summary>All that are known.</summary>
    public IReadOnlyCollection<ReplayClient> All => _known.Values;

    /// <summary>The client of that number.</summary>
    public ReplayClient Of(long id)
    {
        if (_known.TryGetValue(id, out var client))
            return client;
        if (!_free.TryPop(out client))
            client = new ReplayClient(this);
        client.Begin(id);
        _known.Add(id, client);
        return client;
    }

    /// <summary>The client of that number; null if it is not known.</summary>
    public ReplayClient? Find(long id) => _known.GetValueOrDefault(id);

    /// <summary>Forgets a client that has nothing left.</summary>
    public void Settle(ReplayClient client)
    {
        if (client.Current is not null || client.Connection is not null || client.Held > 0)
            return;
        if (client is { IsBroken: true, HasEnded: false })
            Remember(client);
        else
            Forget(client);
    }

    private void Remember(ReplayClient broken)
    {
        if (broken.IsRemembered)
            return;
        broken.IsRemembered = true;
        _broken.Enqueue(broken.Id);
        if (_broken.Count > MostBroken && Find(_broken.Dequeue()) is { IsRemembered: true, Current: null, Held: 0 } oldest)
            Forget(oldest);
    }

    private void Forget(ReplayClient client)
    {
        // Its connection's end may have been the last that was known of it.
        if (!_known.Remove(client.Id))
            return;
        client.Forget();
        _free.Push(client);
    }
}
