using System.Globalization;
using System.Text.Json;

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

    public static string Render(ReportModel model) => Html.Of($"""
        <!doctype html>
        <html lang="{(model.Language == ReportLanguage.Zh ? "zh-Hans" : "en")}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
        <title>{model.Manifest.Name} · {model["verdict." + VerdictSection.Key(model.Summary.Verdict)]} · Pressure</title>
        <style>
        {new Html(ReportAssets.Read("tokens.css"))}
        {new Html(ReportAssets.Read("report.css"))}
        {RunningHead(model)}
        </style>
        </head>
        <body>
        <main>
        {Html.Join(Sections.Select(section => section(model)))}
        </main>
        <footer><p>{model.Text.Format("footer", model.Manifest.Id, model.Manifest.Version)}</p></footer>
        <noscript><p>{model["noscript"]}</p></noscript>
        <script type="application/json" id="run">{Data(model)}</script>
        <script>{new Html(ReportAssets.Read("echarts.min.js"))}</script>
        <script>{new Html(ReportAssets.Read("charts.js"))}</script>
        <script>{new Html(ReportAssets.Read("report.js"))}</script>
        </body>
        </html>
        """).Markup + "\n";

    /// <summary>The serializer escapes angle brackets, so that no text of the run can end the script element.</summary>
    private static Html Data(ReportModel model) => new(JsonSerializer.Serialize(new
    {
        lang = model.Language == ReportLanguage.Zh ? "zh" : "en",
        points = model.Points,
        events = model.Run.Events.Select(e => EventText.Summary(e, model.Run, model.Language)),
        percentiles = PercentileCurve.Of(model.Total),
        search = model.Summary.Search is { } search ? SearchCurve.Of(search) : null,
        phases = PhaseRows.Of(model),
        timing = SendingError.Of(model.Run.Replay),
        tracks = model.Charted.Tables,
    }, ReportJson.Compact));

    /// <summary>Run name and date at the head of every printed page.</summary>
    private static Html RunningHead(ReportModel model) => new($$"""
        @page { @top-left { content: "{{CssText(model.Manifest.Name)}}"; } @top-right { content: "{{CssText(VerdictSection.When(model) + " UTC")}}"; } }
        """);

    /// <summary>For a CSS string: everything but letters and digits of ASCII as code points.</summary>
    private static string CssText(string text) => string.Concat(text.EnumerateRunes().Select(r =>
        r.IsAscii && char.IsAsciiLetterOrDigit((char)r.Value) ? r.ToString() : string.Create(CultureInfo.InvariantCulture, $"\\{r.Value:x6}")));
}
