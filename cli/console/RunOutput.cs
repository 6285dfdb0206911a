using System.Text.Json;
using Pressure.Cli.Replay;
using Pressure.Cluster;
using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;
using Spectre.Console;

namespace Pressure.Cli.ConsoleOutput;

/// <summary>
/// Everything that <c>run</c>, <c>report</c> and <c>demo</c> tell: for people on standard output, problems on standard error;
/// with <c>--json</c> one JSON document on standard output and nothing else.
/// </summary>
internal sealed class RunOutput(bool json, bool quiet)
{
    private readonly IAnsiConsole _console = PressureConsole.Create();

    /// <summary>Whether a person looks on.</summary>
    public bool IsForPeople => !json && !quiet;

    /// <summary>A plan that can't be run; gives the exit code.</summary>
    public int Problems(IReadOnlyList<PlanProblem> problems)
    {
        if (json)
            PrintJson(new { problems });
        foreach (var problem in problems)
            Console.Error.WriteLine(problem);
        Console.Error.WriteLine(problems.Count == 1 ? "1 problem; nothing was run." : $"{problems.Count} problems; nothing was run.");
        return ExitCodes.InvalidInput;
    }

    /// <summary>Options that can't be used; gives the exit code.</summary>
    public int Problems(IReadOnlyList<OptionProblem> problems)
    {
        if (json)
            PrintJson(new { problems });
        foreach (var problem in problems)
            Console.Error.WriteLine(problem);
        Console.Error.WriteLine(problems.Count == 1 ? "1 problem; nothing was run." : $"{problems.Count} problems; nothing was run.");
        return ExitCodes.InvalidInput;
    }

    /// <summary>Workers that can't make a run; gives the exit code.</summary>
    public int Problems(IReadOnlyList<CrewProblem> problems)
    {
        if (json)
            PrintJson(new { problems });
        foreach (var problem in problems)
            Console.Error.WriteLine(problem.ToString().TrimEnd());
        Console.Error.WriteLine(problems.Count == 1 ? "1 problem; nothing was run." : $"{problems.Count} problems; nothing was run.");
        return ExitCodes.InvalidInput;
    }

    /// <summary>Something to know about what is run, told to people.</summary>
    public void Notice(string notice)
    {
        if (IsForPeople)
            Console.Error.WriteLine(notice);
    }

    /// <summary>Targets that may not be pressed; gives the exit code.</summary>
    public int Refused(IReadOnlyList<string> refusals)
    {
        if (json)
            PrintJson(new { refusals });
        foreach (var refusal in refusals)
            Console.Error.WriteLine(refusal);
        return ExitCodes.Refused;
    }

    /// <summary>Another input that can't be used; gives the exit code.</summary>
    public int Invalid(string message, string remedy)
    {
        if (json)
            PrintJson(new { error = message, remedy });
        Console.Error.WriteLine(message);
        Console.Error.WriteLine(remedy);
        return ExitCodes.InvalidInput;
    }

    /// <summary>Shows a run's progress until it is done.</summary>
    public Task FollowAsync(RunHandle run)
    {
        if (json || quiet)
            return Task.CompletedTask;
        return _console.Profile.Capabilities.Interactive && !Console.IsOutputRedirected
            ? LiveLine.FollowAsync(run, _console)
            : PlainLines.FollowAsync(run, Console.Out);
    }

    /// <summary>Prints the outcome.</summary>
    public void Finish(RunOutcome outcome)
    {
        if (json)
            Console.WriteLine(SummaryFile.Write(outcome.Summary).TrimEnd());
        else if (quiet)
            Console.WriteLine(SummaryText.VerdictLine(outcome.Summary));
        else
            SummaryText.Write(outcome, _console);
        if (outcome.Files?.PdfProblem is { } problem)
            Console.Error.WriteLine(problem);
    }

    /// <summary>Tells what came of a change of a running test.</summary>
    public void Steered(ControlRequest request, ControlReply reply)
    {
        if (json)
            PrintJson(new { reply.Changed, reply.At, reply.Run });
        else
            Console.WriteLine(string.Join(Environment.NewLine, SteeredText.Lines(request, reply)));
    }

    /// <summary>Shows one request that was tried, to people.</summary>
    public void Tried(Step.Request request, TriedRequest tried)
    {
        if (json)
            return;
        // A message has no status.
        var status = tried.Status > 0 ? tried.Status.ToString() : tried.Error == RequestError.None ? "ok" : "no response";
        Console.WriteLine($"{request.Method} {UrlOf(request, tried)}: {status}, {tried.Duration.TotalMilliseconds:0.0} ms, {tried.BodyLength} bytes");
        if (tried.Error is not (RequestError.None or RequestError.CheckFailed))
            Console.WriteLine($"  error: {tried.Error}");
        foreach (var url in tried.Urls.Skip(1))
            Console.WriteLine($"  redirected to {url.AbsoluteUri}");
        foreach (var check in tried.FailedChecks)
            Console.WriteLine($"  check failed: {check}");
        if (quiet)
            return;
        foreach (var (name, value) in tried.Headers)
            Console.WriteLine($"  {name}: {value}");
        if (tried.BodyStart.Length > 0)
            Console.WriteLine(tried.BodyStart.Length > 1024 ? tried.BodyStart[..1024] + " ..." : tried.BodyStart);
    }

    /// <summary>Shows all requests that were tried, to machines.</summary>
    public void TriedAll(IEnumerable<(Step.Request Request, TriedRequest Tried)> tries)
    {
        if (!json)
            return;
        PrintJson(new
        {
            requests = tries.Select(t => new
            {
                t.Request.Name,
                t.Request.Method,
                Url = UrlOf(t.Request, t.Tried),
                Redirects = t.Tried.Urls.Skip(1).Select(u => u.AbsoluteUri),
                t.Tried.Status,
                Error = t.Tried.Error == RequestError.None ? null : JsonNamingPolicy.CamelCase.ConvertName(t.Tried.Error.ToString()),
                Milliseconds = Math.Round(t.Tried.Duration.TotalMilliseconds, 3),
                t.Tried.Headers,
                t.Tried.BodyStart,
                t.Tried.BodyLength,
                t.Tried.FailedChecks,
            }),
        });
    }

    /// <summary>As sent; what was not sent, as the plan has it.</summary>
    private static string UrlOf(Step.Request request, TriedRequest tried) => (tried.Urls.Count > 0 ? tried.Urls[0] : request.Url).AbsoluteUri;

    private static void PrintJson(object value) => Console.WriteLine(JsonSerializer.Serialize(value, ReportJson.Indented));
}
