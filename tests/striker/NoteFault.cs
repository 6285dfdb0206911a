using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Pressure.Faults;

namespace Pressure.Striker;

/// <summary>
/// The fault that does nothing but leave notes in a folder, one after the other, so that it can be cut short in the middle. The example to start from:
/// what it leaves bears its handle, and undoing takes away exactly that.
/// </summary>
internal sealed class NoteFault : IFault
{
    /// <summary>It writes its notes itself, or has a program do it that goes on when this process is dead.</summary>
    private readonly bool _byProgram;

    public NoteFault(bool byProgram)
    {
        _byProgram = byProgram;
        Description = new FaultDescription
        {
            Kind = byProgram ? "note-by-program" : "note",
            Summary = "Leaves notes in a folder; undoing takes them away.",
            Target = TargetKind.Host,
            Parameters =
            [
                new("folder", ParameterType.Text, "where the notes are left"),
                new("notes", ParameterType.Number, "how many", "3"),
                new("pace", ParameterType.Duration, "time before each", "10ms"),
            ],
        };
    }

    public FaultDescription Description { get; }

    public Task<Preparation> PrepareAsync(FaultOrder order, CancellationToken stop)
    {
        var folder = FaultArguments.Text(Description, order.Arguments, "folder")!;
        return Task.FromResult<Preparation>(Directory.Exists(folder)
            ? new Preparation.Ready(new JsonObject { ["folder"] = folder })
            : new Preparation.Refused($"There is no folder {folder}.", "Make it."));
    }

    public async Task ApplyAsync(FaultIntent intent, CancellationToken stop)
    {
        var pace = FaultArguments.Duration(FaultArguments.Text(Description, intent.Arguments, "pace"))!.Value;
        var notes = FaultArguments.Number(FaultArguments.Text(Description, intent.Arguments, "notes"))!.Value;
        for (var number = 0; number < notes; number++)
        {
            if (_byProgram)
                await ByProgramAsync(pace, Path.Combine(FolderOf(intent), $"{intent.Handle}-{number}"), stop);
            else
            {
                await Task.Delay(pace, TimeProvider.System, stop);
                await File.WriteAllTextAsync(Path.Combine(FolderOf(intent), $"{intent.Handle}-{number}"), intent.By, stop);
            }
        }
    }

    public Task<UndoOutcome> UndoAsync(FaultIntent intent, CancellationToken limit)
    {
        var found = Notes(intent);
        foreach (var note in found)
            File.Delete(note);
        return Task.FromResult<UndoOutcome>(found.Length > 0 ? new UndoOutcome.Undone() : new UndoOutcome.NothingToUndo("no note was left"));
    }

    public Task<string?> ResidueAsync(FaultIntent intent, CancellationToken limit) =>
        Task.FromResult(Notes(intent).Length is > 0 and var left ? $"{left} notes in {FolderOf(intent)}" : null);

    private static async Task ByProgramAsync(TimeSpan pace, string file, CancellationToken stop)
    {
        using var program = Process.Start("sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"sleep {pace.TotalSeconds}; echo > {file}")]);
        try
        {
            await program.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            program.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static string FolderOf(FaultIntent intent) => intent.Prior["folder"]!.GetValue<string>();

    private static string[] Notes(FaultIntent intent) => Directory.GetFiles(FolderOf(intent), $"{intent.Handle}-*");
}
