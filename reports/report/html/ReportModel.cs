using Pressure.Record;

namespace Pressure.Reports;

/// <summary>All that the sections of a report draw on.</summary>
internal sealed class ReportModel
{
    public ReportModel(RunRecord run, RunSummary summary, ReportLanguage language, Measurement? measurement = null)
    {
        Run = run;
        Summary = summary;
        Text = Strings.For(language);
        Load = SteeredLoad.Of(run.Manifest.Load, run.Events);
        measurement ??= Measurement.Of(run);
        Measured = measurement.Measured;
        Total = Measured.Total();
        Saturation = Summarizer.SaturationOf(run, Measured);
        Crew = Crew.Of(run, Measured);
        Machines = measurement.Machines;
        Seconds = Timeline.Points(run);
        Points = Downsampler.Reduce(Seconds);
        Charted = new Charted(this);
    }

    public RunRecord Run { get; }

    public RunManifest Manifest => Run.Manifest;

    /// <summary>The load that was asked for: the plan's, as it was changed while it ran.</summary>
    public LoadManifest Load { get; }

    public RunSummary Summary { get; }

    public Strings Text { get; }

    public ReportLanguage Language => Text.Language;

    public MeasuredRun Measured { get; }

    /// <summary>The workers that made the load; null when one process did.</summary>
    public Crew? Crew { get; }

    /// <summary>What was sampled: hosts, containers, processes, collections.</summary>
    public Machines Machines { get; }

    /// <summary>Those of them that are drawn.</summary>
    public Charted Charted { get; }

    /// <summary>All requests of the measured time.</summary>
    public RequestInterval Total { get; }

    /// <summary>Why the generator can't be trusted; null when it can.</summary>
    public Saturation? Saturation { get; }

    /// <summary>A point for every second.</summary>
    public IReadOnlyList<TimelinePoint> Seconds { get; }

    /// <summary>What the charts draw: the seconds, joined when there are too many.</summary>
    public IReadOnlyList<TimelinePoint> Points { get; }

    /// <summary>Whether anything ended in the measured time.</summary>
    public bool HasDurations => Total.ResponseTime.Count > 0;

    public string this[string key] => Text[key];

    /// <summary>An offset as <c>00:35</c> or <c>1:02:35</c>.</summary>
    public static string Clock(double seconds)
    {
        var at = TimeSpan.FromSeconds(Math.Floor(seconds));
        return at.TotalHours >= 1 ? $"{(int)at.TotalHours}:{at.Minutes:00}:{at.Seconds:00}" : $"{at.Minutes:00}:{at.Seconds:00}";
    }
}
