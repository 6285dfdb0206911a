using Pressure.Record;

namespace Pressure.Reports;

/// <summary>Who made which share when: as they began, and as they were taken over.</summary>
internal sealed class ShareHolders
{
    private readonly Dictionary<int, List<(int From, string Worker)>> _holders = [];

    public ShareHolders(CrewManifest crew, IEnumerable<TimelineEvent> events)
    {
        foreach (var (share, worker) in crew.Workers.Take(crew.Weights.Count).Index())
            _holders[share] = [(int.MinValue, worker.Name)];
        foreach (var taken in events.OfType<TimelineEvent.ShareTakenOver>().OrderBy(t => t.At))
        {
            if (!_holders.TryGetValue(taken.Share, out var holders))
                _holders[taken.Share] = holders = [(int.MinValue, taken.From)];
            holders.Add(((int)Math.Ceiling(taken.At.TotalSeconds), taken.To));
        }
    }

    /// <summary>Everybody who ever had a share, the first ones in their order.</summary>
    public IEnumerable<string> Names => _holders.Values.SelectMany(h => h).OrderBy(h => h.From).Select(h => h.Worker).Distinct();

    /// <summary>The shares that a worker ever had.</summary>
    public IReadOnlyList<int> Of(string worker) => [.. _holders.Where(h => h.Value.Exists(t => t.Worker == worker)).Select(h => h.Key).Order()];

    /// <summary>Who had a share in a second; null when nobody knows.</summary>
    public string? HolderOf(int share, int second) => _holders.TryGetValue(share, out var holders) ? holders.FindLast(h => h.From <= second).Worker : null;
}
