using Pressure.Record;
using Pressure.Reports;
using Spectre.Console;

namespace Pressure.Cli.ConsoleOutput;

/// <summary>The plateaus of a capacity search, and what they say together.</summary>
internal static class SearchTable
{
    public static void Write(SearchSummary search, IAnsiConsole console)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("plateau").NoWrap());
        foreach (var column in new[] { "offered", "delivered", "p50", "p95", "p99", "failed" })
            table.AddColumn(new TableColumn(column).RightAligned().NoWrap());
        table.AddColumn(new TableColumn(""));
        foreach (var p in search.Plateaus)
        {
            table.AddRow(
                $"{p.Number} {Phase(p.Phase)}", Figures.Rate(p.Rate), Figures.Rate(p.Delivered), Figures.Millis(p.P50), Figures.Millis(p.P95), Figures.Millis(p.P99),
                Figures.Percent(p.ErrorShare), Outcome(p));
        }
        console.Write(table);
        if (search.Confidence > 0)
            console.WriteLine($"Confidence {Figures.Percent(search.Confidence)}: {search.Agreeing} of {search.Near} plateaus near the result agree with it");
        if (search.Knee is { } knee)
            console.WriteLine($"Knee at {Figures.Rate(knee)}: beyond it, response time grows faster than throughput");
        console.WriteLine();
    }

    private static string Phase(SearchPhase phase) => phase switch
    {
        SearchPhase.StepDown => "step down",
        SearchPhase.Recheck => "check again",
        _ => phase.ToString().ToLowerInvariant(),
    };

    private static string Outcome(SearchPlateau p) => p.Outcome switch
    {
        PlateauOutcome.Held => "[green]holds[/]",
        PlateauOutcome.Broke when p.BrokenBy is { } broken => $"[red]breaks[/]  [grey]{Markup.Escape(broken.Metric)} {Markup.Escape(broken.Expression)}[/]",
        PlateauOutcome.Broke => "[red]breaks[/]",
        _ => "[yellow]generator at its limit[/]",
    };
}
