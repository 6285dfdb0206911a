using System.Text.Json;
using Pressure.Cli.Replay;
using Pressure.Cli.Workers;
using Pressure.Cluster;
using Pressure.Reports;
using Spectre.Console;

namespace Pressure.Cli.ConsoleOutput;

/// <summary>What <c>pressure worker</c> tells: a line that lives on a terminal; in a log a line whenever something changes; with <c>--json</c> the same as a document a line.</summary>
internal sealed class WorkerOutput(bool json, bool quiet, TimeProvider time)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>A log hears of a rate so often, in seconds.</summary>
    private const int LogEvery = 30;

    private static readonly JsonSerializerOptions OneLine = new(ReportJson.Indented) { WriteIndented = false };

    private readonly IAnsiConsole _console = PressureConsole.Create();

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

    /// <summary>Something that keeps it from working; gives the exit code.</summary>
    public int Wrong(string message)
    {
        if (json)
            Print(new { error = message });
        Console.Error.WriteLine(message);
        return ExitCodes.InvalidInput;
    }

    /// <summary>Something that is worth to be known.</summary>
    public void Notice(string text)
    {
        if (!quiet)
            Console.Error.WriteLine(text);
    }

    /// <summary>Its capacity is being measured.</summary>
    public void Measuring()
    {
        if (!json && !quiet)
            Console.WriteLine("Measuring what this machine can make ...");
    }

    /// <summary>What befell the way to the broker.</summary>
    public void Noticed(BusNotice notice)
    {
        if (notice is not BusNotice.Connected)
            Notice(notice.Text);
    }

    /// <summary>It is there.</summary>
    public void Started(WorkerOrder order, double capacity)
    {
        if (json)
            Print(new { at = time.GetUtcNow(), worker = order.Options.Name, broker = order.Broker.ToString(), order.Options.Region, order.Options.Labels, capacity = Math.Round(capacity), state = order.Options.StateFolder });
        else if (!quiet)
            Console.WriteLine($"Worker {order.Options.Name}{(order.Options.Region.Length > 0 ? $" in {order.Options.Region}" : "")} at {order.Broker} (Ctrl-C ends it){Ceiling(order, capacity)}");
        Console.Out.Flush();
    }

    /// <summary>Shows what it does until it ends.</summary>
    public Task FollowAsync(Worker worker, Task over, TimeProvider clock)
    {
        if (quiet)
            return over;
        return !json && _console.Profile.Capabilities.Interactive && !Console.IsOutputRedirected
            ? _console.Live(Text.Empty).AutoClear(true).StartAsync(live => EachSecondAsync(worker, over, clock, status => { live.UpdateTarget(new Text(WorkerText.Line(status))); live.Refresh(); }))
            : LogAsync(worker, over, clock);
    }

    /// <summary>It has stopped; gives the exit code.</summary>
    public int Stopped(WorkerEnding.Stopped stopped, string folder)
    {
        if (json)
            Print(new { at = time.GetUtcNow(), stopped = true, stopped.Undelivered });
        else if (stopped.Undelivered > 0)
            Console.Error.WriteLine($"{stopped.Undelivered} s of results could not be delivered. They are in {folder}, and are delivered when this worker starts again.");
        else if (!quiet)
            Console.WriteLine("Stopped; everything is delivered.");
        return stopped.Undelivered > 0 ? ExitCodes.Interrupted : ExitCodes.Ok;
    }

    private static string Ceiling(WorkerOrder order, double capacity) => capacity switch
    {
        0 => "",
        _ when order.Capacity is CapacityWish.Given => $"\nIts capacity is given as {Figures.Rate(capacity)}.",
        _ => $"\nIt made {Figures.Rate(capacity)} against a tiny server within itself, which took half of the machine: a ceiling, for comparing workers.",
    };

    private async Task LogAsync(Worker worker, Task over, TimeProvider clock)
    {
        var (before, silent) = ("", 0);
        await EachSecondAsync(worker, over, clock, status =>
        {
            var now = WorkerText.Key(status);
            var isPressing = status.Shares.Any(s => s.Phase == SharePhase.Pressing);
            if (now == before && !(isPressing && ++silent >= LogEvery))
                return;
            (before, silent) = (now, 0);
            if (json)
                Print(new { at = time.GetUtcNow(), worker = status.Name, cutOff = status.CutOff?.TotalSeconds, leaving = status.IsLeaving, shares = status.Shares.Select(s => new { s.Run, s.Share, s.Epoch, phase = JsonNamingPolicy.CamelCase.ConvertName(s.Phase.ToString()), s.Rate, s.Seconds, s.Undelivered }) });
            else
                Console.WriteLine(WorkerText.Line(status));
            Console.Out.Flush();
        });
    }

    private static async Task EachSecondAsync(Worker worker, Task over, TimeProvider clock, Action<WorkerStatus> show)
    {
        do
        {
            show(worker.Status);
        }
        while (await Task.WhenAny(Task.Delay(Second, clock), over) != over);
    }

    private static void Print(object document) => Console.WriteLine(JsonSerializer.Serialize(document, OneLine));
}
