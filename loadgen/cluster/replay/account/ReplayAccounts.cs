using Pressure.LoadGen;
using Pressure.Record;
using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>Adds accounts up, whatever the order and however they are grouped, and makes a record of the sum. Pure functions.</summary>
internal static class ReplayAccounts
{
    private static readonly double[] Percentiles = [10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99, 99.9, 100];

    /// <summary>The sum of accounts that are sound and contradict each other in nothing. What was read is that of the one which has read furthest, since all read the same.</summary>
    /// <param name="captures">How many captures the replay has.</param>
    /// <param name="accounts">One of each share, or sums of them. Differences are not summed here: see <see cref="DifferenceBook.Add(DifferenceAccount)"/>.</param>
    public static ReplayAccount Sum(int captures, IReadOnlyCollection<ReplayAccount> accounts)
    {
        var errors = new Histogram();
        foreach (var account in accounts.Where(a => !a.Errors.IsEmpty))
            errors.Add(Histogram.Decode(account.Errors.Span));
        var (due, error) = accounts.Select(a => (a.LastDue, a.LastError)).DefaultIfEmpty().Max();
        return new()
        {
            Captures = [.. Enumerable.Range(0, captures).Select(i => accounts.Select(a => a.Captures[i]).Aggregate(CaptureAccount.None, Together))],
            IsWhole = accounts.Any(a => a.IsWhole),
            Planned = accounts.Sum(a => a.Planned),
            Sent = accounts.Sum(a => a.Sent),
            Held = accounts.Sum(a => a.Held),
            Carried = accounts.Sum(a => a.Carried),
            LeftOut = accounts.Sum(a => a.LeftOut),
            Errors = errors.Encode(),
            LastDue = due,
            LastError = error,
        };
    }

    /// <summary>What the run folder keeps of it.</summary>
    /// <param name="order">What was asked.</param>
    /// <param name="captures">The captures, as they describe themselves.</param>
    /// <param name="account">The sum.</param>
    public static ReplayRecord Record(ReplayOrder order, IReadOnlyList<CaptureInfo> captures, ReplayAccount account)
    {
        var isTimed = !order.IsAsFastAsPossible;
        var errors = account.Errors.IsEmpty ? new Histogram() : Histogram.Decode(account.Errors.Span);
        return new()
        {
            Captures = [.. captures.Zip(account.Captures, (info, told) => new ReplayedCapture(info.Name, told.Requests, told.Replayed, info.Connections, TimeSpan.FromTicks((info.LastAt - info.FirstAt) / 100)) { Sent = told.Sent })],
            Speed = order.Rate is null && isTimed ? order.Speed : null,
            Rate = order.Rate?.PerSecond,
            Multiply = order.Multiply,
            Planned = account.Planned,
            Sent = account.Sent,
            Held = account.Held,
            Skipped = Skipped(account),
            Carried = account.Carried,
            LeftOut = account.LeftOut,
            Timing = isTimed && errors.Count > 0 ? [.. Percentiles.Select(p => new TimingPoint(p, errors.Percentile(p)))] : [],
            Drift = isTimed && account.LastDue > TimeSpan.Zero && account.LastError > TimeSpan.Zero ? account.LastError / account.LastDue : 0,
        };
    }

    /// <summary>Requests that are not replayed, by reason, over all captures.</summary>
    public static SortedDictionary<string, long> Skipped(ReplayAccount account) =>
        new(account.Captures.SelectMany(c => c.Skipped).GroupBy(s => s.Key).ToDictionary(g => g.Key, g => g.Sum(s => s.Value)), StringComparer.Ordinal);

    // Who has read further has counted whatever the other one has.
    private static CaptureAccount Together(CaptureAccount one, CaptureAccount other)
    {
        var words = one.Skipped.Keys.Union(other.Skipped.Keys);
        var skipped = words.ToDictionary(w => w, w => Math.Max(one.Skipped.GetValueOrDefault(w), other.Skipped.GetValueOrDefault(w)));
        return new(Math.Max(one.Replayed, other.Replayed), skipped, one.Sent + other.Sent);
    }
}
