using System.Globalization;
using System.Text.Json;

namespace Pressure.Reports;

/// <summary>A report as one self-contained HTML file: styles, scripts and data inside, no network. What all reports have in common.</summary>
/// <param name="Text">Its language.</param>
/// <param name="Title">Of the window.</param>
/// <param name="RunningHead">Left and right at the head of every printed page but the first.</param>
/// <param name="Main">What it says.</param>
/// <param name="Footer">The last line.</param>
/// <param name="Data">What its scripts draw.</param>
/// <param name="HasCharts">Whether it needs the chart library.</param>
internal sealed record HtmlPage(Strings Text, string Title, (string Left, string Right) RunningHead, Html Main, string Footer, object Data, bool HasCharts)
{
    public static string Render(HtmlPage page) => Html.Of($"""
        <!doctype html>
        <html lang="{(page.Text.Language == ReportLanguage.Zh ? "zh-Hans" : "en")}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
        <title>{page.Title}</title>
        <style>
        {new Html(ReportAssets.Read("tokens.css"))}
        {new Html(ReportAssets.Read("report.css"))}
        {Heads(page.RunningHead.Left, page.RunningHead.Right)}
        </style>
        </head>
        <body>
        <main>
        {page.Main}
        </main>
        <footer><p>{page.Footer}</p></footer>
        {(page.HasCharts ? Html.Of($"<noscript><p>{page.Text["noscript"]}</p></noscript>") : Html.Empty)}
        <script type="application/json" id="run">{Json(page.Data)}</script>
        {(page.HasCharts ? Html.Join([Script("echarts.min.js"), Script("charts.js")]) : Html.Empty)}
        {Script("report.js")}
        </body>
        </html>
        """).Markup + "\n";

    /// <summary>Whose report it is, of which kind, and the switch between light and dark.</summary>
    public static Html Brand(string kind, Strings text) => Html.Of($"""
        <p class="brand"><span class="mark" aria-hidden="true"></span>Pressure<span class="kind">{kind}</span><button type="button" id="theme" hidden>{text["theme"]}</button></p>
        """);

    private static Html Script(string asset) => Html.Of($"<script>{new Html(ReportAssets.Read(asset))}</script>");

    /// <summary>The serializer escapes angle brackets, so that no text of the run can end the script element.</summary>
    private static Html Json(object data) => new(JsonSerializer.Serialize(data, ReportJson.Compact));

    /// <summary>Name and date at the head of every printed page.</summary>
    private static Html Heads(string left, string right) => new($$"""
        @page { @top-left { content: "{{CssText(left)}}"; } @top-right { content: "{{CssText(right)}}"; } }
        """);

    /// <summary>For a CSS string: everything but letters and digits of ASCII as code points.</summary>
    private static string CssText(string text) => string.Concat(text.EnumerateRunes().Select(r =>
        r.IsAscii && char.IsAsciiLetterOrDigit((char)r.Value) ? r.ToString() : string.Create(CultureInfo.InvariantCulture, $"\\{r.Value:x6}")));
}
