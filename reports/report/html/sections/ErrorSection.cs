using System.Globalization;
using System.Net;

namespace Pressure.Reports;

/// <summary>Status codes, and errors with what they mean.</summary>
internal static class ErrorSection
{
    public static Html Render(ReportModel model) => model.Summary.Statuses.Count + model.Summary.Errors.Count == 0 ? Html.Empty : Html.Of($"""
        <section class="whole">
        <h2>{model["section.errors"]}</h2>
        <div class="pair">
        {Statuses(model)}
        {Errors(model)}
        </div>
        </section>
        """);

    private static Html Statuses(ReportModel model) => model.Summary.Statuses.Count == 0
        ? Html.Of($"<p>{model["errors.noResponse"]}</p>")
        : Html.Of($"""
            <table><thead><tr><th>{model["column.status"]}</th><th class="n">{model["column.count"]}</th><th class="n">{model["column.share"]}</th></tr></thead>
            <tbody>{Html.Each(model.Summary.Statuses, s => Html.Of($"""<tr><th scope="row">{Status(s.Key)}</th><td class="n {(s.Key[0] >= '4' ? "bad" : "")}">{Figures.Count(s.Value)}</td><td class="n">{Figures.Share((double)s.Value / model.Summary.Statuses.Values.Sum())}</td></tr>"""))}</tbody></table>
            """);

    private static Html Errors(ReportModel model) => model.Summary.Errors.Count == 0
        ? Html.Of($"<p>{model["errors.none"]}</p>")
        : Html.Of($"""
            <table><thead><tr><th>{model["column.error"]}</th><th class="n">{model["column.count"]}</th></tr></thead>
            <tbody>{Html.Each(model.Summary.Errors, e => Html.Of($"""<tr><th scope="row">{model["chart.error." + e.Key]}<small>{model["error." + e.Key]}</small></th><td class="n bad">{Figures.Count(e.Value)}</td></tr>"""))}</tbody></table>
            """);

    /// <summary>The code with its name: <c>503 Service Unavailable</c>.</summary>
    private static string Status(string code)
    {
        var status = (HttpStatusCode)int.Parse(code, CultureInfo.InvariantCulture);
        return Enum.IsDefined(status) ? $"{code} {Words(status.ToString())}" : code;
    }

    private static string Words(string name) =>
        name.All(char.IsUpper) ? name : string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? " " + c : c.ToString()));
}
