using System.Text.Json;
using System.Text.Json.Serialization;
using Pressure.Agent;
using Pressure.Cli.Replay;
using Pressure.TrafficCopy;
using Pressure.Web.Captures;

namespace Pressure.Cli.ConsoleOutput;

/// <summary>What the verbs of captures tell: text for people, or with <c>--json</c> one document on standard output.</summary>
internal sealed class CaptureOutput(bool json, bool quiet)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Whether progress may be shown.</summary>
    public bool IsForPeople => !json && !quiet;

    /// <summary>Options that can't be used; gives the exit code.</summary>
    public int Problems(IReadOnlyList<OptionProblem> problems)
    {
        if (json)
            Print(new { problems });
        foreach (var problem in problems)
            Console.Error.WriteLine(problem);
        Console.Error.WriteLine(problems.Count == 1 ? "1 problem; nothing was written." : $"{problems.Count} problems; nothing was written.");
        return ExitCodes.InvalidInput;
    }

    /// <summary>Something is wrong; gives the exit code.</summary>
    public int Wrong(string message, string remedy)
    {
        if (json)
            Print(new { problems = new[] { new { message, remedy } } });
        Console.Error.WriteLine($"{message} {remedy}");
        return ExitCodes.InvalidInput;
    }

    /// <summary>Nothing of the files could be read; gives the exit code.</summary>
    public int Unreadable(CaptureSourcesOutcome sources)
    {
        if (json)
            Print(new { sources.Problems });
        Tell(sources.Problems, sources.FurtherProblems);
        Console.Error.WriteLine("Nothing was written.");
        return ExitCodes.InvalidInput;
    }

    /// <summary>A capture was made.</summary>
    public void Made(CaptureInfo info, CaptureSourcesOutcome sources)
    {
        if (json)
        {
            Print(new { Capture = Document(info), sources.Stopped, sources.Overlapping, sources.Problems, sources.FurtherProblems });
            return;
        }

        Tell(sources.Problems, sources.FurtherProblems);
        Tell(info, sources);
    }

    private void Tell(CaptureInfo info, CaptureSourcesOutcome sources)
    {
        if (!quiet)
            CaptureText.Accounts(info, sources, Console.Out);
        CaptureText.Line(info, Console.Out);
        if (sources.Stopped)
            Console.Error.WriteLine("It was stopped; what had been read until then is in the capture.");
        else if (!quiet && info.Exchanges > 0)
            Console.Out.WriteLine($"Next: pressure capture show {info.Name}, pressure replay {info.Name} --target URL");
    }

    /// <summary>A capture was made live.</summary>
    public void Captured(CaptureInfo info, LiveCaptureOutcome outcome, bool isCutShort)
    {
        if (outcome.Problem is { } problem)
            Console.Error.WriteLine(problem);
        if (json)
            Print(new { Capture = Document(info), outcome.End, outcome.Packets, outcome.Bytes, outcome.Problem });
        else
            Tell(info, new() { Stopped = isCutShort });
    }

    /// <summary>A capture was made on agents' hosts.</summary>
    public void Captured(CaptureInfo info, IReadOnlyList<CaptureEnding> endings, IReadOnlyList<CaptureCounts?> counts)
    {
        if (json)
        {
            Print(new { Capture = Document(info), Agents = endings.Select((e, i) => new { e.Agent, e.IsWhole, e.Why, e.Exchanges, Counts = counts[i] }) });
            return;
        }

        foreach (var (i, ending) in endings.Index())
            (ending.IsWhole ? Console.Out : Console.Error).WriteLine(Line(ending, counts[i]));
        Tell(info, new());
    }

    private static string Line(CaptureEnding ending, CaptureCounts? counts)
    {
        var lost = counts is null ? "" : $"; dropped: {counts.Kernel:N0} packets by the kernel, {counts.Shed:N0} to spare the processor, {CaptureText.Count(counts.Dropped, "exchange")} on the way";
        return $"{ending.Agent}: {CaptureText.Count(ending.Exchanges, "exchange")}{lost}{(ending.IsWhole ? "" : "; IT BROKE OFF")}{(ending.Why is null ? "" : $"; {ending.Why}")}";
    }

    /// <summary>What a capture holds.</summary>
    public void Show(CaptureInfo info, IReadOnlyList<CapturedExchange> first, int endpoints)
    {
        if (json)
            Print(new { Capture = Document(info), First = first.Select(e => new { e.Connection, e.Order, e.Protocol, At = CaptureText.Time(e.At), Request = CaptureText.Request(e), Status = CaptureText.Status(e), Marks = CaptureText.Marks(e) }) });
        else if (quiet)
            CaptureText.Line(info, Console.Out);
        else
            CaptureText.All(info, first, endpoints, Console.Out);
    }

    /// <summary>A capture was written in another format.</summary>
    public void Exported(TransferOutcome outcome, IReadOnlyDictionary<string, long> filtered, long lost)
    {
        if (json)
        {
            Print(new { outcome.File, outcome.Exchanges, outcome.LeftOut, Filtered = filtered, Lost = lost, outcome.Stopped });
            return;
        }

        foreach (var (reason, count) in filtered.Concat(outcome.LeftOut))
            Console.Error.WriteLine($"  left out, {reason}: {count:N0}");
        if (lost > 0)
            Console.Error.WriteLine($"  in damaged blocks: {lost:N0}");
        Console.Out.WriteLine($"{outcome.File}: {CaptureText.Count(outcome.Exchanges, "exchange")}{(outcome.Stopped ? ", stopped" : "")}");
    }

    private static void Tell(IReadOnlyList<CaptureFileProblem> problems, long further)
    {
        foreach (var problem in problems)
            Console.Error.WriteLine(problem);
        if (further > 0)
            Console.Error.WriteLine($"... and {CaptureText.Count(further, "more problem")}.");
    }

    private static object Document(CaptureInfo info) => new
    {
        info.Name,
        Bytes = File.Exists(info.Name) ? new FileInfo(info.Name).Length : (long?)null,
        info.Exchanges,
        info.Connections,
        First = info.Exchanges > 0 ? CaptureText.Time(info.FirstAt) : null,
        Last = info.Exchanges > 0 ? CaptureText.Time(info.LastAt) : null,
        Complete = info.IsComplete,
        info.Damage,
        info.Begun,
        info.Masked,
        info.MaskedCounts,
        info.LeftOut,
        Endpoints = info.Endpoints.Select(e => new { e.Method, e.Path, e.Requests }),
        Accounts = info.Accounts is { } accounts ? AccountsReport.Of(accounts) : null,
    };

    private static void Print(object document) => Console.WriteLine(JsonSerializer.Serialize(document, Options));
}
