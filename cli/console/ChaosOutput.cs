using System.Text.Json;
using Pressure.Cli.Commands;
using Pressure.Faults;
using Pressure.Reports;
using Spectre.Console;

namespace Pressure.Cli.ConsoleOutput;

/// <summary>What <c>pressure chaos</c> tells of faults: a table for people, or one JSON document for machines.</summary>
internal sealed class ChaosOutput(bool json)
{
    private const int LastEnded = 10;

    private readonly IAnsiConsole _console = PressureConsole.Create();

    /// <summary>Tells people something.</summary>
    public void Say(string text)
    {
        if (!json)
            Console.WriteLine(text);
    }

    /// <summary>Input that can't be used; gives the exit code.</summary>
    public int Invalid(string message, string remedy) => Wrong(message, remedy, ExitCodes.InvalidInput);

    /// <summary>The state folder can't be used: whether anything is left can't be told. Gives the exit code.</summary>
    public int Unusable(string folder, Exception why) =>
        Wrong($"What is in force can't be told: {why.Message}", $"Run this as the user that {folder} belongs to; another folder is named by PRESSURE_CHAOS_DIR.", ExitCodes.Left);

    /// <summary>What came of reverting; gives the exit code.</summary>
    public int Reverted(IReadOnlyList<EndedFault> ends, IReadOnlyList<JournalEntry.Unreadable> unreadable)
    {
        var left = ends.Count(e => e.End.Outcome is UndoOutcome.Incomplete) + unreadable.Count;
        if (json)
            Print(new { reverted = ends.Select(Ended), unreadable, left });
        else if (ends.Count == 0 && left == 0)
            Console.WriteLine("Nothing is in force, and nothing is left.");
        else
            ShowEnded(ends);
        TellUnreadable(unreadable);
        return left > 0 ? ExitCodes.Left : ExitCodes.Ok;
    }

    /// <summary>Whether the global stop was lifted; gives the exit code.</summary>
    public int Resumed(bool lifted)
    {
        if (json)
            Print(new { lifted });
        Say(lifted ? "The global stop is lifted. Nothing begins by itself that was stopped." : "Nothing was halted.");
        return ExitCodes.Ok;
    }

    /// <summary>Which experiments were asked to end; gives the exit code.</summary>
    public int Stopped(IReadOnlyCollection<string> meant, IReadOnlySet<string> running)
    {
        foreach (var id in meant)
            Say(running.Contains(id) ? $"{id}: its faults are undone, its controller runs still." : $"{id} has ended.");
        return ExitCodes.Ok;
    }

    /// <summary>How things are; gives the exit code.</summary>
    public int Status(ChaosPlace place, NetworkCapabilities network)
    {
        var (entries, halted, running, ended) = (place.Journal.Read(), place.Halt.Read(), place.Experiments.Read(), place.Journal.LastEnded(LastEnded));
        var known = entries.OfType<JournalEntry.Known>().ToList();
        List<JournalEntry.Unreadable> unreadable = [.. entries.OfType<JournalEntry.Unreadable>()];
        if (json)
        {
            Print(new
            {
                folder = place.Folder,
                halted,
                experiments = running,
                faults = known.Select(k => new { k.Intent.Handle, k.Intent.Kind, target = k.Intent.Target.Label, k.Intent.Experiment, k.Intent.By, since = k.Intent.JournaledAt, until = k.Intent.Deadline, owned = k.Held, k.Left }),
                unreadable,
                ended = ended.Select(Ended),
                network,
            });
        }
        else
        {
            ShowStatus(place, known, halted, running);
            if (ended.Count > 0)
                ShowEnded(ended);
            // Whether the kernel has netem can be tried by root only.
            foreach (var line in Environment.IsPrivilegedProcess ? network.Lines() : ["Networks, containers and limits are struck by root only."])
                Console.WriteLine(line);
        }
        TellUnreadable(unreadable);
        return known.Any(k => k.Left is not null) || unreadable.Count > 0 ? ExitCodes.Left : ExitCodes.Ok;
    }

    private void ShowStatus(ChaosPlace place, List<JournalEntry.Known> faults, Halt? halted, IReadOnlyList<RunningExperiment> running)
    {
        if (halted is not null)
            Console.WriteLine($"{halted} {GlobalStop.Remedy}");
        foreach (var experiment in running)
            Console.WriteLine($"Experiment {experiment.Id} runs since {Moment(experiment.StartedAt)}: {experiment.Title} (by {experiment.By}, process {experiment.Pid})");
        if (faults.Count == 0)
        {
            Console.WriteLine("Nothing is in force.");
            return;
        }
        var table = Table("handle", "fault", "on", "since", "ends by itself", "experiment", "");
        foreach (var (intent, held, left) in faults)
        {
            var state = left is not null ? $"left: {left.What}. {left.Remedy}" : held ? "" : "nobody looks after it; it is being undone";
            Row(table, intent.Handle, intent.Kind, intent.Target.Label, Moment(intent.JournaledAt), Moment(intent.Deadline), intent.Experiment, state);
        }
        _console.Write(table);
        Console.WriteLine($"State folder: {place.Folder}");
    }

    private void ShowEnded(IReadOnlyList<EndedFault> ends)
    {
        var table = Table("handle", "fault", "on", "ended", "by", "");
        foreach (var (intent, end) in ends)
            Row(table, intent.Handle, intent.Kind, intent.Target.Label, Moment(end.At), end.By, Words(end.Outcome));
        _console.Write(table);
    }

    private static Table Table(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
            table.AddColumn(new TableColumn(column).NoWrap());
        table.Columns[^1].NoWrap = false;
        return table;
    }

    private static void Row(Table table, params string[] cells) => table.AddRow([.. cells.Select(c => Markup.Escape(c))]);

    private static string Words(UndoOutcome outcome) => outcome switch
    {
        UndoOutcome.Undone => "undone",
        UndoOutcome.NothingToUndo nothing => $"nothing to undo: {nothing.Why}",
        UndoOutcome.Incomplete left => $"LEFT: {left.What}. {left.Remedy}",
        _ => "",
    };

    private static object Ended(EndedFault ended) => new
    {
        ended.Intent.Handle,
        ended.Intent.Kind,
        target = ended.Intent.Target.Label,
        ended.Intent.Experiment,
        ended.End.At,
        ended.End.By,
        outcome = ended.End.Outcome switch { UndoOutcome.Undone => "undone", UndoOutcome.NothingToUndo => "nothingToUndo", _ => "incomplete" },
        why = ended.End.Outcome switch { UndoOutcome.NothingToUndo nothing => nothing.Why, UndoOutcome.Incomplete left => left.What, _ => null },
        remedy = (ended.End.Outcome as UndoOutcome.Incomplete)?.Remedy,
    };

    private static void TellUnreadable(IReadOnlyList<JournalEntry.Unreadable> unreadable)
    {
        foreach (var file in unreadable)
            Console.Error.WriteLine($"{file.Path} can't be read as a fault: {file.Why}. Look what it is; it stays until you remove it.");
    }

    private static string Moment(DateTimeOffset at) => $"{at.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z";

    private int Wrong(string message, string remedy, int code)
    {
        if (json)
            Print(new { error = message, remedy });
        Console.Error.WriteLine(message);
        Console.Error.WriteLine(remedy);
        return code;
    }

    private static void Print(object value) => Console.WriteLine(JsonSerializer.Serialize(value, ReportJson.Indented));
}
