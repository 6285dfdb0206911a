using Pressure.Cluster;
using Pressure.Reports;
using Spectre.Console;

namespace Pressure.Cli.ConsoleOutput;

/// <summary>The end of a run in a terminal's height: verdict, criteria, figures per request, errors, where the reports lie.</summary>
internal static class SummaryText
{
    public static string VerdictLine(RunSummary summary) => $"{Name(summary.Verdict)}: {summary.Reason}";

    public static void Write(RunOutcome outcome, IAnsiConsole console)
    {
        var summary = outcome.Summary;
        console.WriteLine();
        console.MarkupLineInterpolated($"[bold {Colour(summary.Verdict)}]{Name(summary.Verdict)}[/]  {summary.Reason}");
        console.WriteLine();
        if (summary.Search is { } search)
            SearchTable.Write(search, console);
        console.WriteLine($"{(summary.Search?.Holds is null ? "Asked" : "At the rate found: asked")} {Figures.Rate(summary.Load.Asked)}, delivered {Figures.Rate(summary.Load.Delivered)}; {Figures.Count(summary.Requests.Sent)} sent, {Figures.Count(summary.Requests.Ok)} ok, {Figures.Count(summary.Requests.Failed)} failed, {Figures.Count(summary.Load.NotSent)} not sent{(summary.Requests.Late > 0 ? $", {Figures.Count(summary.Requests.Late)} late" : "")}");
        WriteDurations(summary, console);
        WriteThresholds(summary, console);
        WriteRequests(summary, console);
        foreach (var (error, count) in summary.Errors)
            console.MarkupLineInterpolated($"[red]{Figures.Count(count)} x {error}[/]");
        foreach (var host in summary.Hosts)
            console.WriteLine($"Host {host.Name}: CPU mean {Figures.Percent(host.Cpu.Mean)}, peak {Figures.Percent(host.Cpu.Peak)}; load {host.Load1.Mean:0.00} on {host.Cores} cores");
        foreach (var export in summary.Exports)
            console.MarkupLineInterpolated($"[{(export.Dropped > 0 ? "yellow" : "default")}]Export to {export.Sink}: {Figures.Count(export.Sent)} points sent, {Figures.Count(export.Dropped)} dropped{(export.Problem is null ? "" : ": " + export.Problem)}[/]");
        foreach (var worker in summary.Workers.Where(w => w.Lost || w.Saturated))
            console.MarkupLineInterpolated($"[yellow]Worker {worker.Name}: {WhatOf(worker)}[/]");
        if (summary.Crew is { } crew)
            console.WriteLine($"Workers: {summary.Workers.Count}{(summary.Workers.Any(w => w.Lost) ? $", {summary.Workers.Count(w => w.Lost)} lost" : "")}; {Figures.Count(crew.Unsent)} requests not sent because of lost workers ({Figures.Percent(crew.UnsentShare)}, tolerated {Figures.Percent(crew.Tolerance)})");
        console.WriteLine($"Generator: {summary.Generator.Cpu:0.00} cores, late by p99 {Figures.Millis(summary.Generator.LateP99)}{(summary.Generator.Saturated ? $", SATURATED: {summary.Generator.Why}" : "")}");
        console.WriteLine();
        WriteFiles(outcome, console);
    }

    private static string WhatOf(WorkerSummary worker)
    {
        var lost = worker.LostAt is { } at ? $"lost after {Figures.Span(TimeSpan.FromSeconds(at))}{(worker.HeardAt is { } heard ? $", heard again after {Figures.Span(TimeSpan.FromSeconds(heard))}" : "")}, {Figures.Count(worker.Unsent)} requests not sent" : "";
        return string.Join("; ", new[] { lost, worker.Saturated ? $"SATURATED: {worker.Why}" : "" }.Where(p => p.Length > 0));
    }

    private static void WriteDurations(RunSummary summary, IAnsiConsole console)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("").NoWrap());
        foreach (var column in new[] { "min", "mean", "p50", "p90", "p95", "p99", "p99.9", "max" })
            table.AddColumn(new TableColumn(column).RightAligned().NoWrap());
        Row("response time", summary.ResponseTime);
        Row("service time", summary.ServiceTime);
        console.Write(table);

        void Row(string name, DurationSummary d) => table.AddRow(
            [name, .. new[] { d.Min, d.Mean, d.P50, d.P90, d.P95, d.P99, d.P999, d.Max }.Select(v => Figures.Millis(v))]);
    }

    private static void WriteThresholds(RunSummary summary, IAnsiConsole console)
    {
        foreach (var threshold in summary.Thresholds)
        {
            var mark = threshold.Passed ? "[green]passed[/]" : "[red]failed[/]";
            console.MarkupLine($"{mark}  {Markup.Escape(threshold.Expression)}  [grey]({Markup.Escape(threshold.Error ?? threshold.ActualText)})[/]");
        }
    }

    private static void WriteRequests(RunSummary summary, IAnsiConsole console)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("request").NoWrap());
        foreach (var column in new[] { "sent", "ok", "failed", "rate", "p50", "p95", "p99", "max" })
            table.AddColumn(new TableColumn(column).RightAligned().NoWrap());
        foreach (var r in summary.ByRequest)
        {
            table.AddRow(
                Markup.Escape(r.Name), Figures.Count(r.Sent), Figures.Count(r.Ok), Figures.Count(r.Failed), Figures.Rate(r.Rate),
                Figures.Millis(r.ResponseTime.P50), Figures.Millis(r.ResponseTime.P95), Figures.Millis(r.ResponseTime.P99), Figures.Millis(r.ResponseTime.Max));
        }
        console.Write(table);
    }

    /// <summary>Plain lines, never wrapped: people and scripts copy these paths.</summary>
    private static void WriteFiles(RunOutcome outcome, IAnsiConsole console)
    {
        var to = console.Profile.Out.Writer;
        to.WriteLine($"Run:  {outcome.Folder}");
        if (outcome.Files?.Html is { } html)
            to.WriteLine($"HTML: {html}");
        if (outcome.Files?.Pdf is { } pdf)
            to.WriteLine($"PDF:  {pdf}");
    }

    private static string Name(Verdict verdict) => verdict switch
    {
        Verdict.Passed => "PASSED",
        Verdict.Failed => "FAILED",
        Verdict.NoCriteria => "NO CRITERIA",
        Verdict.Invalid => "INVALID",
        Verdict.Stopped => "STOPPED",
        Verdict.NotUndone => "NOT UNDONE",
        _ => "ERROR",
    };

    private static string Colour(Verdict verdict) => verdict switch
    {
        Verdict.Passed => "green",
        Verdict.NoCriteria => "blue",
        Verdict.Invalid or Verdict.Stopped => "yellow",
        _ => "red",
    };
}
