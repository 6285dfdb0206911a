using System.Text.Json;
using Pressure.Cluster;
using Pressure.LoadGen;
using Pressure.Record;
using Spectre.Console;

namespace Pressure.Cli.ConsoleOutput;

/// <summary>
/// Everything that <c>run</c>, <c>report</c> and <c>demo</c> tell: for people on standard output, problems on standard error;
/// with <c>--json</c> one JSON document on standard output and nothing else.
/// </summary>
internal sealed class RunOutput(bool json, bool quiet)
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly IAnsiConsole _console = PressureConsole.Create();

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
            Console.WriteLine(Reports.SummaryFile.Write(outcome.Summary).TrimEnd());
        else if (quiet)
            Console.WriteLine(SummaryText.VerdictLine(outcome.Summary));
        else
            SummaryText.Write(outcome, _console);
        if (outcome.Files?.PdfProblem is { } problem)
            Console.Error.WriteLine(problem);
    }

    /// <summary>Shows one request that was tried.</summary>
    public void Tried(Step.Request request, TriedRequest tried)
    {
        if (json)
        {
            PrintJson(new { request.Name, request.Method, Url = request.Url.AbsoluteUri, tried });
            return;
        }
        var status = tried.Status > 0 ? tried.Status.ToString() : "no response";
        Console.WriteLine($"{request.Method} {request.Url.AbsoluteUri}: {status}, {tried.Duration.TotalMilliseconds:0.0} ms, {tried.BodyLength} bytes");
        if (tried.Error is not (RequestError.None or RequestError.CheckFailed))
            Console.WriteLine($"  error: {tried.Error}");
        foreach (var check in tried.FailedChecks)
            Console.WriteLine($"  check failed: {check}");
        if (quiet)
            return;
        foreach (var (name, value) in tried.Headers)
            Console.WriteLine($"  {name}: {value}");
        if (tried.BodyStart.Length > 0)
            Console.WriteLine(tried.BodyStart.Length > 1024 ? tried.BodyStart[..1024] + " ..." : tried.BodyStart);
    }

    private static void PrintJson(object value) => Console.WriteLine(JsonSerializer.Serialize(value, Indented));
}
