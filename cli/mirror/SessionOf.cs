using Pressure.Mirror;
using Pressure.Reports;
using Pressure.TrafficCopy;

namespace Pressure.Cli.Mirror;

/// <summary>Tells the report what a mirror counted: neither knows the other.</summary>
internal static class SessionOf
{
    /// <summary>The session of a mirror that has ended.</summary>
    public static MirrorSession Mirror(MirrorPlan plan, MirrorStatus status, DateTimeOffset began, MirrorRecording? recording, CaptureInfo? capture) => new()
    {
        Id = status.Id,
        StartedAt = began,
        Seconds = status.Seconds,
        Production = Url(plan.Production),
        Target = plan.Copy is { } copy ? Url(copy) : null,
        Requests = status.Production.Requests,
        Failed = status.Production.Failed,
        Aborted = status.Production.Aborted,
        Answers = status.Production.Answers,
        Times = Times(status.Production.Times),
        Copies = status.Copies is { } c ? new(c.Fates, c.Open, c.Answers, Times(c.Times), Times(c.ProductionTimes), c.Openings, c.HighestHeldBytes) : null,
        Recorded = status.Record is { } r && recording is not null
            ? new(recording.File, capture?.Exchanges ?? r.Recorded, r.Dropped, recording.Masks.InWords.Count > 0, capture?.MaskedCounts.GetValueOrDefault("values") ?? 0, r.Failure)
            : null,
        Differences = status.Differences,
    };

    private static string Url(Uri url) => url.GetLeftPart(UriPartial.Authority);

    private static MirrorTimes Times(AnswerTimes t) => new(t.P50, t.P95, t.P99, t.Max);
}
