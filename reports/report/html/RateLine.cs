using System.Globalization;
using System.Text;
using Pressure.Record;

namespace Pressure.Reports;

/// <summary>A worker's rate over time as a small picture without script, on one scale for all workers: red where it was lost, green where it took a share over.</summary>
internal static class RateLine
{
    private const int Wide = 200, High = 24, MostPoints = 200;

    public static Html Of(WorkerTrack worker, Crew crew, ReportModel model)
    {
        var end = Math.Max(1, model.Points.Count == 0 ? 1 : model.Points[^1].Second + 1);
        var label = model.Text.Format("workers.rateLine", worker.Name);
        var taken = model.Run.Events.OfType<TimelineEvent.ShareTakenOver>().Where(t => t.To == worker.Name);
        return Html.Of($"""
            <svg class="rate" viewBox="0 0 {Wide} {High}" preserveAspectRatio="none" role="img" aria-label="{label}"><path d="{Path(worker.Rates, crew.HighestRate)}"/>{Lost(worker, end)}{Html.Each(taken, t => Html.Of($"""<rect class="taken" x="{At(t.At.TotalSeconds, end)}" y="0" width="2" height="{High}"/>"""))}</svg>
            """);
    }

    private static Html Lost(WorkerTrack worker, double end)
    {
        if (worker.LostAt is not { } lost)
            return Html.Empty;
        var (from, to) = (Place(lost.TotalSeconds, end), worker.HeardAt is { } heard ? Place(heard.TotalSeconds, end) : Wide);
        return Html.Of($"""<rect class="lost" x="{Text(from)}" y="0" width="{Text(Math.Max(2, to - from))}" height="{High}"/>""");
    }

    /// <summary>An area; of more points than can be seen, the highest of each group.</summary>
    private static string Path(IReadOnlyList<double?> rates, double highest)
    {
        var step = Math.Max(1, (rates.Count + MostPoints - 1) / MostPoints);
        var shown = rates.Chunk(step).Select(c => c.Max() ?? 0).ToList();
        var path = new StringBuilder($"M0 {High}");
        foreach (var (i, rate) in shown.Index())
        {
            var (from, to) = (Text((double)Wide * i / shown.Count), Text((double)Wide * (i + 1) / shown.Count));
            var y = Text(High - ((High - 2) * Math.Clamp(highest > 0 ? rate / highest : 0, 0, 1)));
            path.Append(CultureInfo.InvariantCulture, $"L{from} {y}L{to} {y}");
        }
        return path.Append(CultureInfo.InvariantCulture, $"L{Wide} {High}Z").ToString();
    }

    private static string At(double seconds, double end) => Text(Math.Min(Wide - 2, Place(seconds, end)));

    private static double Place(double seconds, double end) => Math.Clamp(Wide * seconds / end, 0, Wide);

    private static string Text(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}
