using System.Globalization;
using Pressure.Record;

namespace Pressure.Reports;

/// <summary>In what answers differ from those that were to be expected, by endpoint and field, with examples; and what was not compared.</summary>
internal static class DifferenceSection
{
    private const int MostFields = 60, MostNoise = 20, MostSamples = 2, MostReasons = 20;

    public static Html Render(ReportModel model) => model.Summary.Differences is not { } found ? Html.Empty : Html.Of($"""
        <section class="differences">
        <h2>{model["section.differences"]}</h2>
        <p class="lead">{DifferenceSentences.Same(found).In(model.Language)} {ReplayLine.Fields(found, model)}</p>
        {Fields(found, model)}
        {Noise(found, model)}
        {NotCompared(found, model)}
        </section>
        """);

    private static Html Fields(DifferenceSummary found, ReportModel model)
    {
        var differing = found.Fields.Where(f => !f.IsNoise).ToList();
        return differing.Count == 0 ? Html.Empty : Html.Of($"""
            <div class="scroll"><table class="fields">
            {Head(found, model)}
            {Html.Each(differing.Take(MostFields).GroupBy(f => f.Endpoint), endpoint => Html.Of($"""
                <tbody><tr><th scope="rowgroup" class="endpoint breaks" colspan="{Columns(found)}">{endpoint.Key}</th></tr>{Html.Each(endpoint, f => Row(f, found, model))}</tbody>
                """))}
            </table></div>
            {More(differing.Count - MostFields + found.MoreFields, model)}
            """);
    }

    private static Html Head(DifferenceSummary found, ReportModel model) => Html.Of($"""
        <thead><tr><th>{model["differences.column.field"]}</th><th>{model["differences.column.kind"]}</th><th class="n">{model["differences.column.answers"]}</th><th>{model["differences.column.share"]}</th>{(HasNoise(found) ? Html.Of($"""<th class="n">{model["differences.column.noise"]}</th>""") : Html.Empty)}</tr></thead>
        """);

    private static Html Row(FieldDifference f, DifferenceSummary found, ReportModel model)
    {
        var share = ReplaySentences.Share(f.Answers, f.Of);
        return Html.Of($"""
            <tr><th scope="row" class="breaks"><code>{Field(f.Field, model)}</code>{Html.Each(f.Samples.Take(MostSamples), s => Sample(s, model))}</th>
            <td>{ReplaySentences.Why("differences.kind", f.Kind).In(model.Language)}</td>
            <td class="n">{model.Text.Format("differences.of", Figures.Count(f.Answers), Figures.Count(f.Of))}</td>
            <td><span class="level bad"><i style="--share: {share.ToString("0.####", CultureInfo.InvariantCulture)}"></i><b>{Figures.Share(share)}</b></span></td>
            {(HasNoise(found) ? Html.Of($"""<td class="n">{Figures.Share(ReplaySentences.Share(f.Noise, f.Of))}</td>""") : Html.Empty)}</tr>
            """);
    }

    private static Html Sample(DifferenceSample s, ReportModel model) => Html.Of($"""
        <small><span class="of">{ReadableUrl.Of(s.Request)}</span> <span class="was">{s.Expected ?? model["differences.absent"]}</span> → <span class="is">{s.Actual ?? model["differences.absent"]}</span></small>
        """);

    private static string Field(string field, ReportModel model) => field switch
    {
        "status" => model["differences.status"],
        "body" => model["differences.body"],
        _ => field,
    };

    private static Html Noise(DifferenceSummary found, ReportModel model)
    {
        var noise = found.Fields.Where(f => f.IsNoise).ToList();
        return noise.Count == 0 ? Html.Empty : Html.Of($"""
            <div class="{Panel.KeptTogether(noise.Count)}">
            <h3>{model["differences.noise"]}</h3>
            <table>
            <thead><tr><th>{model["differences.column.endpoint"]}</th><th>{model["differences.column.name"]}</th><th class="n">{model["differences.column.share"]}</th><th class="n">{model["differences.column.noise"]}</th></tr></thead>
            <tbody>{Html.Each(noise.Take(MostNoise), f => Html.Of($"""<tr><th scope="row" class="breaks">{f.Endpoint}</th><td class="breaks"><code>{Field(f.Field, model)}</code></td><td class="n">{Figures.Share(ReplaySentences.Share(f.Answers, f.Of))}</td><td class="n">{Figures.Share(ReplaySentences.Share(f.Noise, f.Of))}</td></tr>"""))}</tbody></table>
            {More(noise.Count - MostNoise, model)}
            <p class="note">{model["differences.noise.note"]}</p>
            </div>
            """);
    }

    private static Html NotCompared(DifferenceSummary found, ReportModel model) => Html.Of($"""
        {Reasons("differences.notCompared", "differences.why", found.NotCompared, model)}
        {Reasons("differences.inPart", "differences.left", found.PartsLeftOut, model)}
        """);

    private static Html Reasons(string title, string words, IReadOnlyDictionary<string, long> counts, ReportModel model) => counts.Values.All(n => n == 0) ? Html.Empty : Html.Of($"""
        <div class="whole">
        <h3>{model[title]}</h3>
        <table><tbody>
        {Html.Each(counts.Where(c => c.Value > 0).OrderByDescending(c => c.Value).Take(MostReasons), r => Html.Of($"""<tr><th scope="row">{ReplaySentences.Why(words, r.Key).In(model.Language)}</th><td class="n">{Figures.Count(r.Value)}</td></tr>"""))}
        </tbody></table>
        </div>
        """);

    private static Html More(long more, ReportModel model) => more <= 0 ? Html.Empty : Html.Of($"""<p class="note">{model.Text.Format("differences.more", Figures.Count(more))}</p>""");

    private static bool HasNoise(DifferenceSummary found) => found.Against == "primary-secondary";

    private static int Columns(DifferenceSummary found) => HasNoise(found) ? 5 : 4;
}
