using System.Globalization;
using System.Text.Json;
using Pressure.Record;

namespace Pressure.Reports;

/// <summary>What a product owner reads, and may stop after: the verdict, why, what was carried, and five figures.</summary>
internal static class VerdictSection
{
    public static Html Render(ReportModel model)
    {
        var key = Key(model.Summary.Verdict);
        return Html.Of($"""
            <header class="masthead">
            {HtmlPage.Brand(model[model.Manifest.IsDrill ? "report.drill" : "report.kind"], model.Text)}
            <h1>{model.Manifest.Name}</h1>
            <p class="meta">{Html.Each(Meta(model), m => Html.Of($"<span>{m}</span>"))}</p>
            </header>
            <section class="verdict {key}">
            {Icon(model.Summary.Verdict)}
            <div><h2>{model["verdict." + key]}</h2><p>{model.Summary.ReasonIn(model.Language)}</p></div>
            </section>
            <p class="capacity">{(model.Manifest.IsDrill ? model["capacity.drill"] : Capacity.Sentence(model))}</p>
            {StruckSection.Render(model)}
            {ReplayLine.Render(model)}
            <dl class="tiles">{Html.Join(model.Manifest.IsDrill ? ChaosTiles.OfDrill(model) : Tiles(model))}</dl>
            """);
    }

    private static IEnumerable<string> Meta(ReportModel model) => model.Manifest.IsDrill
        ? [$"{When(model)} UTC", Lasted(model)]
        : [ReadableUrl.Of(model.Manifest.Target), $"{When(model)} UTC", Lasted(model), LoadText.Short(model)];

    /// <summary>The verdict in kebab case, as in summary.json.</summary>
    public static string Key(Verdict verdict) => JsonNamingPolicy.KebabCaseLower.ConvertName(verdict.ToString());

    public static string When(ReportModel model) => model.Manifest.StartedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Lasted(ReportModel model)
    {
        var lasted = Figures.Span(TimeSpan.FromSeconds(Math.Round(model.Summary.DurationSeconds, 1)));
        return model.Manifest.WarmUp > TimeSpan.Zero ? model.Text.Format("meta.warmUp", lasted, Figures.Span(model.Manifest.WarmUp)) : lasted;
    }

    private static List<Html> Tiles(ReportModel model)
    {
        var s = model.Summary;
        var ended = s.Requests.Ok + s.Requests.Failed;
        var (carried, asked) = Capacity.Rates(model);
        List<Html> tiles =
        [
            Tile(model["tile.carried"], Figures.Rate(carried), model["unit.perSecond"], Capacity.IsClosed(model) ? LoadText.Short(model) : model.Text.Format("tile.asked", Figures.Rate(asked))),
            Duration(model["tile.p95"], s.ResponseTime.P95, s.Requests.Ok > 0, model.Text.Format("tile.p50p99", Figures.Unbroken(Figures.Duration(s.ResponseTime.P50)), Figures.Unbroken(Figures.Duration(s.ResponseTime.P99)))),
            Tile(model["tile.failed"], ended == 0 ? "–" : Figures.Share((double)s.Requests.Failed / ended), "", model.Text.Format("tile.ofRequests", Figures.Count(s.Requests.Failed), Figures.Count(ended)), s.Requests.Failed > 0 ? "bad" : ""),
            Tile(model["tile.notSent"], Figures.Count(s.Load.NotSent), "", OfAsked(model), s.Load.NotSent > 0 ? "warn" : ""),
        ];
        if (s.Hosts.MaxBy(h => h.Cpu.Peak) is { } host)
            tiles.Add(Tile(model["tile.cpu"], Figures.Share(host.Cpu.Peak), "", model.Text.Format("tile.mean", Figures.Unbroken(Figures.Share(host.Cpu.Mean)), HostSection.Title(host.Name, model))));
        if (s.Chaos is { Score: not null } chaos)
            tiles.Add(ChaosTiles.OfLoad(chaos, model));
        return tiles;
    }

    private static string OfAsked(ReportModel model) => model.Summary.Requests is var r && r.Late > 0
        ? model.Text.Format("tile.ofAskedLate", Figures.Count(r.Asked), Figures.Count(r.Late), Figures.Duration(RequestInterval.LateLimit.TotalMilliseconds))
        : model.Text.Format("tile.ofAsked", Figures.Count(r.Asked));

    public static Html Duration(string label, double milliseconds, bool measured, string note)
    {
        if (!measured)
            return Tile(label, "–", "", "");
        var parts = Figures.Duration(milliseconds).Split(' ', 2);
        return Tile(label, parts[0], parts[1], note);
    }

    public static Html Tile(string label, string figure, string unit, string note, string tone = "") => Html.Of($"""
        <div class="{tone}"><dt>{label}</dt><dd><b>{figure}</b>{(unit.Length > 0 ? Html.Of($"<i>{unit}</i>") : Html.Empty)}<span>{note}</span></dd></div>
        """);

    /// <summary>A shape per verdict, since colour alone tells nothing to some readers and to a black-and-white print.</summary>
    private static Html Icon(Verdict verdict)
    {
        var shape = verdict switch
        {
            Verdict.Passed => "M7 12.5l3.4 3.4L17 9",
            Verdict.Failed => "M8 8l8 8M16 8l-8 8",
            Verdict.NoCriteria => "M8 10h8M8 14h8",
            Verdict.Stopped => "M9 8.5v7M15 8.5v7",
            _ => "M12 6.5v7M12 17v.2",
        };
        return Html.Of($"""<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="11"/><path d="{shape}"/></svg>""");
    }
}
