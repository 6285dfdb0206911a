namespace Pressure.Reports;

/// <summary>The report as one self-contained HTML file: styles, scripts and data inside, no network.</summary>
internal static class HtmlReport
{
    public const string Name = "report.html";

    /// <summary>The sections in order of reading. A section that has nothing to say is empty.</summary>
    private static readonly IReadOnlyList<Func<ReportModel, Html>> Sections =
    [
        VerdictSection.Render,
        SearchSection.Render,
        CriteriaSection.Render,
        OverviewSection.Render,
        ChaosSection.Render,
        DifferenceSection.Render,
        ReplaySection.Render,
        FindingsSection.Render,
        PageViewSection.Render,
        LatencySection.Render,
        PhaseSection.Render,
        RequestSection.Render,
        ServiceSection.Render,
        ErrorSection.Render,
        WorkerSection.Render,
        WaterLevelSection.Render,
        ServiceChartSection.Render,
        HostSection.Render,
        ContainerSection.Render,
        ProcessSection.Render,
        GeneratorSection.Render,
        EventSection.Render,
        PlanSection.Render,
    ];

    public static string Render(ReportModel model) => HtmlPage.Render(new(
        model.Text,
        $"{model.Manifest.Name} · {model["verdict." + VerdictSection.Key(model.Summary.Verdict)]} · Pressure",
        RunningHead: (model.Manifest.Name, VerdictSection.When(model) + " UTC"),
        Main: Html.Join(Sections.Select(section => section(model))),
        Footer: model.Text.Format("footer", model.Manifest.Id, model.Manifest.Version),
        Data: Data(model),
        HasCharts: true));

    private static object Data(ReportModel model) => new
    {
        lang = model.Language == ReportLanguage.Zh ? "zh" : "en",
        points = model.Points,
        events = model.Run.Events.Select(e => EventText.Summary(e, model.Run, model.Language)),
        percentiles = PercentileCurve.Of(model.Total),
        search = model.Summary.Search is { } search ? SearchCurve.Of(search) : null,
        phases = PhaseRows.Of(model),
        timing = SendingError.Of(model.Run.Replay),
        tracks = model.Charted.Tables,
    };
}
