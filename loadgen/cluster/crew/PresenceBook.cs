namespace Pressure.Cluster;

/// <summary>Which workers there are, by the cards that they show each second. Not thread-safe.</summary>
internal sealed class PresenceBook
{
    /// <summary>A worker that has shown no card for so long is not there any more.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    // A peer that makes up names gets no memory for them.
    private const int MostWorkers = 10_000;

    private readonly Dictionary<(string Name, Guid Instance), (WorkerCard Card, TimeSpan At)> _cards = [];

    /// <summary>Takes a card.</summary>
    public void Take(WorkerCard card, TimeSpan now)
    {
        if (_cards.Count < MostWorkers || _cards.ContainsKey((card.Name, card.Instance)))
            _cards[(card.Name, card.Instance)] = (card, now);
    }

    /// <summary>Cards of those who are there now; one name may have several.</summary>
    public IReadOnlyList<WorkerCard> At(TimeSpan now)
    {
        foreach (var gone in _cards.Where(c => now - c.Value.At > Patience).Select(c => c.Key).ToList())
            _cards.Remove(gone);
        return [.. _cards.Values.Select(c => c.Card).OrderBy(c => c.Name, StringComparer.Ordinal)];
    }
}
