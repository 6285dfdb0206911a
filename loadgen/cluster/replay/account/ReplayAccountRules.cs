using Pressure.Record;
using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>What no worker of ours would tell of its share of a replay. Whatever passes can be added up: counts stay far from what a number can hold.</summary>
/// <param name="captures">The captures, as the coordinator sees them.</param>
/// <param name="endpoints">Names of the run's requests.</param>
/// <param name="compares">Whether answers are compared.</param>
internal sealed class ReplayAccountRules(IReadOnlyList<CaptureInfo> captures, IEnumerable<string> endpoints, bool compares)
{
    // A thousand shares a hundred times over stay below what fits.
    private const long Most = 10_000_000_000_000;
    private const int MostHistogramBytes = 1 << 18;

    private static readonly TimeSpan LatestDue = TimeSpan.FromDays(1_000);
    private static readonly HashSet<string> Words = [.. Enum.GetValues<SkipReason>().Skip(1).Select(r => r.Word())];

    private readonly HashSet<string> _endpoints = [.. endpoints];

    /// <summary>Why an account can't be one; null when it can.</summary>
    public string? WhyNot(ReplayAccount account)
    {
        if (account.Captures.Count != captures.Count || account.Captures.Any(c => c is null))
            return $"it tells of {account.Captures.Count} captures, the replay has {captures.Count}";
        if (new[] { account.Planned, account.Sent, account.Held, account.Carried, account.LeftOut }.Any(n => n is < 0 or > Most))
            return "its counts are none";
        if (account.Captures.Zip(captures, WhyNot).FirstOrDefault(why => why is not null) is { } wrong)
            return wrong;
        if (account.Sent > account.Planned || account.Captures.Sum(c => c.Sent) > account.Sent)
            return "it sent more than was to be sent";
        if (account.LastDue < TimeSpan.Zero || account.LastDue > LatestDue || account.LastError < TimeSpan.Zero || account.LastError > LatestDue)
            return "its last request was due at no moment of a run";
        return WhyNotErrors(account) ?? (account.Differences is { } found ? WhyNot(found, account.Sent) : null);
    }

    /// <summary>In what two sound accounts contradict each other about the same captures; null when in nothing.</summary>
    public static string? Conflict(ReplayAccount one, ReplayAccount other)
    {
        for (var i = 0; i < one.Captures.Count; i++)
        {
            var (a, b) = (one.Captures[i], other.Captures[i]);
            if ((one.IsWhole && !IsWithin(b, a)) || (other.IsWhole && !IsWithin(a, b)))
                return $"it read {a.Requests:N0} requests of capture {i + 1} ({a.Replayed:N0} to be replayed), others {b.Requests:N0} ({b.Replayed:N0})";
        }
        return null;
    }

    private static string? WhyNot(CaptureAccount told, CaptureInfo capture)
    {
        if (told.Replayed is < 0 or > Most || told.Sent is < 0 or > Most || told.Skipped.Any(s => s.Value is < 0 or > Most || !Words.Contains(s.Key)))
            return "its counts of captures are none";
        return told.Requests > capture.Exchanges ? $"it read {told.Requests:N0} requests of '{capture.Name}', which has {capture.Exchanges:N0}" : null;
    }

    private static string? WhyNotErrors(ReplayAccount account)
    {
        if (account.Errors.Length > MostHistogramBytes)
            return $"its histogram has {account.Errors.Length:N0} bytes";
        try
        {
            var errors = account.Errors.IsEmpty ? 0 : Histogram.Decode(account.Errors.Span).Count;
            return errors > account.Sent || account.Held > account.Sent - errors ? "more of its requests were late or in time than it sent" : null;
        }
        catch (InvalidDataException e)
        {
            return $"its histogram is none: {e.Message}";
        }
    }

    private string? WhyNot(DifferenceAccount found, long sent)
    {
        if (!compares)
            return "it compares answers, which nobody asked for";
        if (found.WhyUnsound(sent) is { } why)
            return why;
        return found.Endpoints.FirstOrDefault(e => !_endpoints.Contains(e.Endpoint)) is { } strange ? $"it compares answers of '{strange.Endpoint}', which the run does not ask for" : null;
    }

    private static bool IsWithin(CaptureAccount part, CaptureAccount whole) =>
        part.Replayed <= whole.Replayed && part.Skipped.All(s => s.Value <= whole.Skipped.GetValueOrDefault(s.Key));
}
