using System.Text.Json;
using Pressure.Record;

namespace Pressure.Reports.Export;

/// <summary>A run's seconds and events as points. Pure; keeps the tags of each request, which are the same every second.</summary>
internal sealed class RunPoints(RunManifest run)
{
    private readonly IReadOnlyList<MetricTag> _run = PointList.Tags(("run", run.Id));
    private readonly IReadOnlyList<IReadOnlyList<MetricTag>> _requests =
        [.. run.Requests.Select(r => PointList.Tags(("run", run.Id), ("name", r.Name), ("scenario", r.Scenario), ("service", r.Service), ("method", r.Method)))];

    /// <summary>The points of a second, at its begin. <paramref name="load"/> is the run's load as steered so far.</summary>
    public IReadOnlyList<MetricPoint> Of(Interval interval, LoadManifest load)
    {
        var at = TimeSpan.FromSeconds(interval.Second);
        var points = new PointList(run.StartedAt + at, TimeSpan.FromSeconds(1));
        for (var i = 0; i < interval.Requests.Count; i++)
            Add(points, interval.Requests[i], _requests[i]);
        points.Count(ExportMetrics.Iterations, interval.IterationsEnded, _run);
        points.Count(ExportMetrics.DroppedIterations, interval.IterationsDropped, _run);
        points.Gauge(ExportMetrics.Users, load.Users.Count > 0 ? SteeredLoad.UsersAt(load, at) : null, _run);
        points.Gauge(ExportMetrics.InFlight, interval.InFlight, _run);
        points.Gauge(ExportMetrics.Connections, interval.OpenConnections, _run);
        points.Times(ExportMetrics.Lateness, interval.Lateness, _run);
        return points.Points;
    }

    public IReadOnlyList<MetricPoint> Of(TimelineEvent what)
    {
        var points = new PointList(run.StartedAt + what.At, TimeSpan.Zero);
        points.Number(ExportMetrics.Events, 1, PointList.With(_run, ("kind", JsonNamingPolicy.CamelCase.ConvertName(what.GetType().Name))));
        return points.Points;
    }

    private static void Add(PointList points, RequestInterval second, IReadOnlyList<MetricTag> tags)
    {
        points.Number(ExportMetrics.Requests, second.Sent, tags);
        points.Number(ExportMetrics.Asked, second.Asked, tags);
        points.Count(ExportMetrics.NotSent, second.NotSent, tags);
        points.Count(ExportMetrics.Late, second.Late, tags);
        points.Times(ExportMetrics.Duration, second.ResponseTime, tags);
        points.Times(ExportMetrics.ServiceTime, second.ServiceTime, tags);
        points.Share(ExportMetrics.Failed, second.Failed, second.Ok + second.Failed, tags);
        points.Share(ExportMetrics.Checks, second.ChecksPassed, second.ChecksPassed + second.ChecksFailed, tags);
        points.Count(ExportMetrics.DataSent, second.BytesSent, tags);
        points.Count(ExportMetrics.DataReceived, second.BytesReceived, tags);
        foreach (var (status, count) in second.Statuses())
            points.Count(ExportMetrics.Responses, count, PointList.With(tags, ("status", status.ToString("000"))));
        foreach (var (error, count) in second.Errors())
            points.Count(ExportMetrics.Errors, count, PointList.With(tags, ("error", error.CamelName())));
    }
}
