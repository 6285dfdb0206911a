using System.Text.Json;
using Pressure.Cli.Mirror;
using Pressure.Cli.Replay;
using Pressure.Mirror;
using Pressure.Reports;
using Pressure.TrafficCopy;
using Spectre.Console;

namespace Pressure.Cli.ConsoleOutput;

/// <summary>What <c>pressure mirror</c> tells: progress and a table for people, or with <c>--json</c> one document at the end.</summary>
internal sealed class MirrorOutput(bool json, bool quiet)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly IAnsiConsole _console = PressureConsole.Create();

    private bool IsForPeople => !json && !quiet;

    /// <summary>Options that can't be used; gives the exit code.</summary>
    public int Problems(IReadOnlyList<OptionProblem> problems)
    {
        if (json)
            Print(new { problems });
        foreach (var problem in problems)
            Console.Error.WriteLine(problem);
        Console.Error.WriteLine(problems.Count == 1 ? "1 problem; nothing was started." : $"{problems.Count} problems; nothing was started.");
        return ExitCodes.InvalidInput;
    }

    /// <summary>Targets that may not be sent copies; gives the exit code.</summary>
    public int Refused(IReadOnlyList<string> refusals)
    {
        if (json)
            Print(new { refusals });
        foreach (var refusal in refusals)
            Console.Error.WriteLine(refusal);
        return ExitCodes.Refused;
    }

    /// <summary>Something that keeps it from starting; gives the exit code.</summary>
    public int Wrong(string message, string remedy)
    {
        if (json)
            Print(new { error = message, remedy });
        Console.Error.WriteLine($"{message} {remedy}".TrimEnd());
        return ExitCodes.InvalidInput;
    }

    /// <summary>It listens. Whoever reads only the output of machines sees it on the other stream.</summary>
    public void Started(MirrorPlan plan, MirrorServer mirror, MirrorRecording? recording)
    {
        if (quiet)
            return;
        var to = json ? Console.Error : Console.Out;
        to.WriteLine($"{(plan.Tls is null ? "" : "https://")}{mirror.Listening} leads to {plan.Production.GetLeftPart(UriPartial.Authority)}{(plan.Copy is { } copy ? $", copies go to {copy.GetLeftPart(UriPartial.Authority)}" : "")}{(recording is null ? "" : $", recorded in {recording.File}")} (Ctrl-C ends it)");
        if (plan.Copy is not null)
        {
            to.WriteLine($"Copied are {string.Join(", ", plan.Rules.Methods.Distinct())} with bodies up to {Figures.Bytes(plan.Limits.MaxBody)}, without {Without(plan)}, marked {CopyMarks.Mirror}: {plan.Id}-N.");
        }
        if (recording is { Masks: var masks })
            to.WriteLine(masks.InWords.Count == 0 ? "Nothing is masked: the capture holds what clients send." : $"Masked before it is written: {string.Join("; ", masks.InWords)}.");
        if (mirror.AdminListening is { } admin)
            to.WriteLine($"Counts: http://{admin}/status and /metrics; copying stops with POST /pause and goes on with POST /resume.");
        to.Flush();
    }

    /// <summary>Shows progress until it is over.</summary>
    public Task FollowAsync(MirrorServer mirror, Task over, TimeProvider time)
    {
        if (!IsForPeople)
            return over;
        return _console.Profile.Capabilities.Interactive && !Console.IsOutputRedirected
            ? _console.Live(Text.Empty).AutoClear(true).StartAsync(live => EachSecondAsync(mirror, over, time, line => { live.UpdateTarget(new Text(line)); live.Refresh(); }, every: 1))
            : EachSecondAsync(mirror, over, time, line => { Console.WriteLine(line); Console.Out.Flush(); }, every: 10);
    }

    /// <summary>Prints what came of it.</summary>
    public void Finish(MirrorPlan plan, MirrorStatus status, CaptureInfo? capture)
    {
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(new { Status = status, Capture = capture is null ? null : new { capture.Name, capture.Exchanges, capture.Connections, capture.Masked, capture.MaskedCounts } }, ReportJson.Indented));
        else if (quiet)
            Console.WriteLine(MirrorText.Line(status, null));
        else
            MirrorText.Write(_console, plan, status, capture);
    }

    /// <summary>Its report is written.</summary>
    public void Reported(MirrorReportFiles files)
    {
        if (files.PdfProblem is { } problem)
            Console.Error.WriteLine($"No PDF: {problem}");
        if (IsForPeople)
            Console.WriteLine($"Report: {files.Pdf ?? files.Html ?? files.Json}{(files.Pdf is null ? "" : $" and {files.Html}")}");
    }

    /// <summary>Its report could not be written.</summary>
    public static void NotReported(string why) => Console.Error.WriteLine(why);

    private static string Without(MirrorPlan plan) =>
        string.Join(", ", CopyHeaderRules.Credentials.Except(plan.Headers.Keep, StringComparer.OrdinalIgnoreCase).Concat(plan.Headers.Remove));

    private static async Task EachSecondAsync(MirrorServer mirror, Task over, TimeProvider time, Action<string> show, int every)
    {
        var before = mirror.Status;
        while (true)
        {
            var wait = Task.Delay(Second * every, time);
            if (await Task.WhenAny(wait, over) == over)
                return;
            var now = mirror.Status;
            show(MirrorText.Line(now, before));
            before = now;
        }
    }

    private static void Print(object document) => Console.WriteLine(JsonSerializer.Serialize(document, ReportJson.Indented));
}
