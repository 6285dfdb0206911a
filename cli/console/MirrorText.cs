using Pressure.Mirror;
using Pressure.Record;
using Pressure.TrafficCopy;
using Spectre.Console;

namespace Pressure.Cli.ConsoleOutput;

/// <summary>A mirror's counts in words.</summary>
internal static class MirrorText
{
    private const int MostFields = 20;

    /// <summary>One line: rates since an earlier moment, or counts since the start.</summary>
    public static string Line(MirrorStatus now, MirrorStatus? before)
    {
        var line = $"{Figures.Span(TimeSpan.FromSeconds(now.Seconds))}  {Flow(now, before, s => s.Production.Requests)} to production  p99 {Figures.Millis(now.Production.Times.P99)}  failed {Figures.Count(now.Production.Failed)}";
        if (now.Copies is { } copies)
            line += $"  |  {(now.IsPaused ? "paused  " : "")}copied {Flow(now, before, s => s.Copies!.Copied)}  waiting {Figures.Count(copies.Waiting)}  lost {Figures.Count(Lost(copies))}{(copies.Breaker == "closed" ? "" : $"  breaker {copies.Breaker}")}";
        if (now.Record is { } record)
            line += $"  |  recorded {Flow(now, before, s => s.Record!.Recorded)}{(record.Dropped.Count > 0 ? $"  dropped {Figures.Count(record.Dropped.Values.Sum())}" : "")}{(record.Failure is null ? "" : $"  {record.Failure}")}";
        if (now.Differences is { Compared: > 0 } differences)
            line += $"  |  same {Figures.Percent((double)differences.Same / differences.Compared)} of {Figures.Count(differences.Compared)}";
        return line;
    }

    /// <summary>All of it, in tables.</summary>
    public static void Write(IAnsiConsole console, MirrorPlan plan, MirrorStatus status, CaptureInfo? capture)
    {
        var production = status.Production;
        console.WriteLine($"{Figures.Count(production.Requests)} requests in {Figures.Span(TimeSpan.FromSeconds(status.Seconds))}, answered by {plan.Production.Authority}: {Classes(production.Answers)}; {Figures.Count(production.Failed)} failed, {Figures.Count(production.Aborted)} given up by clients.");
        if (status.Copies is { } copies)
            WriteCopies(console, status, copies);
        if (status.Record is { } record)
            WriteRecord(console, record, capture);
        if (status.Differences is { } differences)
            WriteDifferences(console, differences);
    }

    private static void WriteCopies(IAnsiConsole console, MirrorStatus status, CopyStatus copies)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("what became of the copies").AddColumn(new TableColumn("requests").RightAligned());
        foreach (var fate in CopyFates.Final.Where(f => copies.Fates.ContainsKey(f.Word())))
            table.AddRow(fate.Meaning(), Figures.Count(copies.Fates[fate.Word()]));
        if (copies.Open > 0)
            table.AddRow(CopyFate.Open.Meaning(), Figures.Count(copies.Open));
        table.AddEmptyRow().AddRow("all", Figures.Count(status.Production.Requests));
        console.Write(table);
        console.WriteLine($"The test target answered {Classes(copies.Answers)}; its breaker opened {(copies.Openings == 1 ? "once" : $"{copies.Openings} times")}. Copies held {Figures.Bytes(copies.HighestHeldBytes)} at the most.");
        if (copies.Copied == 0)
            return;
        var times = new Table().Border(TableBorder.Rounded).AddColumn("time to answer").AddColumns("p50", "p95", "p99", "max");
        foreach (var (name, t) in new[] { ("production, all requests", status.Production.Times), ("production, those copied", copies.ProductionTimes), ("test target, the same", copies.Times) })
            times.AddRow(name, Figures.Millis(t.P50), Figures.Millis(t.P95), Figures.Millis(t.P99), Figures.Millis(t.Max));
        console.Write(times);
    }

    private static void WriteRecord(IAnsiConsole console, RecordStatus record, CaptureInfo? capture)
    {
        if (record.Failure is { } failure)
            console.WriteLine($"Recording ended early: {failure}");
        console.WriteLine($"{Figures.Count(capture?.Exchanges ?? record.Recorded)} exchanges{(capture is null ? "" : $" over {Figures.Count(capture.Connections)} connections are in {capture.Name}")}{(record.Dropped.Count == 0 ? "" : $"; dropped {string.Join(", ", record.Dropped.Select(d => $"{Figures.Count(d.Value)} {d.Key}"))}")}.");
    }

    private static void WriteDifferences(IAnsiConsole console, DifferenceRecord differences)
    {
        console.WriteLine($"{Figures.Count(differences.Same)} of {Figures.Count(differences.Compared)} answers compared are the same{(differences.NotCompared.Count == 0 ? "" : $"; not compared {string.Join(", ", differences.NotCompared.Select(n => $"{Figures.Count(n.Value)} {n.Key}"))}")}.");
        var fields = differences.Fields.Where(f => !f.IsNoise).ToList();
        if (fields.Count == 0)
            return;
        var table = new Table().Border(TableBorder.Rounded).AddColumns("endpoint", "field", "how", "answers", "production", "test target");
        foreach (var field in fields.Take(MostFields))
        {
            var sample = field.Samples is [var first, ..] ? first : null;
            table.AddRow(new[] { field.Endpoint, field.Field, field.Kind, $"{Figures.Count(field.Answers)} of {Figures.Count(field.Of)}", Excerpt(sample?.Expected), Excerpt(sample?.Actual) }.Select(Markup.Escape).ToArray());
        }
        console.Write(table);
        if (fields.Count > MostFields)
            console.WriteLine($"{fields.Count - MostFields} more fields differ; --json prints all.");
    }

    private static string Flow(MirrorStatus now, MirrorStatus? before, Func<MirrorStatus, long> count) =>
        before is null || now.Seconds <= before.Seconds ? Figures.Count(count(now)) : Figures.Rate((count(now) - count(before)) / (now.Seconds - before.Seconds));

    /// <summary>Copies that were meant to be made, and were not.</summary>
    private static long Lost(CopyStatus copies) =>
        copies.Fates.Where(f => f.Key is "queue-full" or "no-room" or "breaker-open" or "connect-failed" or "timed-out" or "broken" or "ended").Sum(f => f.Value);

    private static string Classes(IReadOnlyDictionary<string, long> answers) =>
        answers.Count == 0 ? "nothing" : string.Join(", ", answers.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key} {Figures.Count(a.Value)}"));

    private static string Excerpt(string? text) => text is null ? "-" : text.Length <= 40 ? text : text[..40] + "...";
}
