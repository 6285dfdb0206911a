using System.Globalization;
using Pressure.Record;

namespace Pressure.Reports;

/// <summary>In what answers differ from those that were to be expected, by endpoint and field, with examples; and what was not compared.</summary>
internal static class DifferenceSection
{
    private const int MostFields = 60, MostNoise = 20, MostSamples = 2, MostReasons = 20;

    public static Html Render(ReportModel model) => model.Summary.Differences is not { } found ? Html.Empty : Of(found, model.Text, new("differences.json", "differences.why"));

    /// <summary>The same of whatever has compared answers.</summary>
    public static Html Of(DifferenceSummary found, Strings text, DifferenceWording words) => Html.Of($"""
        <section class="differences">
        <h2>{text["section.differences"]}</h2>
        <p class="lead">{DifferenceSentences.Same(found).In(text.Language)} {ReplayLine.Fields(found, text)}</p>
        {Fields(found, text, words)}
        {Noise(found, text, words)}
        {NotCompared(found, text, words)}
        </section>
        """);

    private static Html Fields(DifferenceSummary found, Strings text, DifferenceWording words)
    {
        var differing = found.Fields.Where(f => !f.IsNoise).ToList();
        return differing.Count == 0 ? Html.Empty : Html.Of($"""
            <div class="scroll"><table class="fields">
            {Head(found, text)}
            {Html.Each(differing.Take(MostFields).GroupBy(f => f.Endpoint), endpoint => Html.Of($"""
                <tbody><tr><th scope="rowgroup" class="endpoint breaks" colspan="{Columns(found)}">{endpoint.Key}</th></tr>{Html.Each(endpoint, f => Row(f, found, text))}</tbody>
                """))}
            </table></div>
            {More(Math.Max(0, differing.Count - MostFields) + found.MoreFields, text, words)}
            """);
    }

    private static Html Head(DifferenceSummary found, Strings text) => Html.Of($"""
        <thead><tr><th>{text["differences.column.field"]}</th><th>{text["differences.column.kind"]}</th><th class="n">{text["differences.column.answers"]}</th><th>{text["differences.column.share"]}</th>{(HasNoise(found) ? Html.Of($"""<th class="n">{text["differences.column.noise"]}</th>""") : Html.Empty)}</tr></thead>
        """);

    private static Html Row(FieldDifference f, DifferenceSummary found, Strings text)
    {
        var share = ReplaySentences.Share(f.Answers, f.Of);
        return Html.Of($"""
            <tr><th scope="row" class="breaks"><code>{Field(f.Field, text)}</code>{Html.Each(f.Samples.Take(MostSamples), s => Sample(s, text))}</th>
            <td>{ReplaySentences.Why("differences.kind", f.Kind).In(text.Language)}</td>
            <td class="n">{text.Format("differences.of", Figures.Count(f.Answers), Figures.Count(f.Of))}</td>
            <td><span class="level bad"><i style="--share: {share.ToString("0.####", CultureInfo.InvariantCulture)}"></i><b>{Figures.Share(share)}</b></span></td>
            {(HasNoise(found) ? Html.Of($"""<td class="n">{Figures.Share(ReplaySentences.Share(f.Noise, f.Of))}</td>""") : Html.Empty)}</tr>
            """);
    }

    private static Html Sample(DifferenceSample s, Strings text) => Html.Of($"""
        <small><span class="of">{ReadableUrl.Of(s.Request)}</span> <span class="was">{s.Expected ?? text["differences.absent"]}</span> → <span class="is">{s.Actual ?? text["differences.absent"]}</span></small>
        """);

    private static string Field(string field, Strings text) => field switch
    {
        "status" => text["differences.status"],
        "body" => text["differences.body"],
        _ => field,
    };

    private static Html Noise(DifferenceSummary found, Strings text, DifferenceWording words)
    {
        var noise = found.Fields.Where(f => f.IsNoise).ToList();
        return noise.Count == 0 ? Html.Empty : Html.Of($"""
            <div class="{Panel.KeptTogether(noise.Count)}">
            <h3>{text["differences.noise"]}</h3>
            <table>
            <thead><tr><th>{text["differences.column.endpoint"]}</th><th>{text["differences.column.name"]}</th><th class="n">{text["differences.column.share"]}</th><th class="n">{text["differences.column.noise"]}</th></tr></thead>
            <tbody>{Html.Each(noise.Take(MostNoise), f => Html.Of($"""<tr><th scope="row" class="breaks">{f.Endpoint}</th><td class="breaks"><code>{Field(f.Field, text)}</code></td><td class="n">{Figures.Share(ReplaySentences.Share(f.Answers, f.Of))}</td><td class="n">{Figures.Share(ReplaySentences.Share(f.Noise, f.Of))}</td></tr>"""))}</tbody></table>
            {More(noise.Count - MostNoise, text, words)}
            <p class="note">{text["differences.noise.note"]}</p>
            </div>
            """);
    }

    private static Html NotCompared(DifferenceSummary found, Strings text, DifferenceWording words) => Html.Of($"""
        {Reasons("differences.notCompared", words.Why, found.NotCompared, text)}
        {Reasons("differences.inPart", "differences.left", found.PartsLeftOut, text)}
        """);

    private static Html Reasons(string title, string list, IReadOnlyDictionary<string, long> counts, Strings text) => counts.Values.All(n => n == 0) ? Html.Empty : Html.Of($"""
        <div class="whole">
        <h3>{text[title]}</h3>
        <table><tbody>
        {Html.Each(counts.Where(c => c.Value > 0).OrderByDescending(c => c.Value).Take(MostReasons), r => Html.Of($"""<tr><th scope="row">{ReplaySentences.Why(list, r.Key).In(text.Language)}</th><td class="n">{Figures.Count(r.Value)}</td></tr>"""))}
        </tbody></table>
        </div>
        """);

    private static Html More(long more, Strings text, DifferenceWording words) => more <= 0 ? Html.Empty : Html.Of($"""<p class="note">{text.Format("differences.more", Figures.Count(more), words.File)}</p>""");

    private static bool HasNoise(DifferenceSummary found) => found.Against.EndsWith("-secondary", StringComparison.Ordinal);

    private static int Columns(DifferenceSummary found) => HasNoise(found) ? 5 : 4;
}

/// <summary>What differs in how differences are told.</summary>
/// <param name="File">Where all of them stand.</param>
/// <param name="Why">The list of texts that says why answers were not compared.</param>
internal sealed record DifferenceWording(string File, string Why);
