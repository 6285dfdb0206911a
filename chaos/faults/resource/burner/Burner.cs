using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>
/// A process of our own that uses something up. It bears its fault's handle on its command line, by which anybody finds it, and ends by itself: at the
/// deadline, when its fault's intent is gone, when what it was to harm has ended.
/// </summary>
internal static class Burner
{
    /// <summary>Its inner verb.</summary>
    public const string Verb = "fault-burn";

    private const string Ready = "ready";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Starts it; it is at work when this returns.</summary>
    /// <exception cref="FaultException">It did not start, or ended before.</exception>
    public static async Task StartAsync(FaultIntent intent, FaultTools tools, CancellationToken stop)
    {
        if (Boot.IsOver(intent))
            throw new FaultException("The machine was started anew since this was looked at. Try again.");
        var order = BurnerOrder.Of((JsonObject)intent.Prior["burner"]!) with { Intent = IntentFiles.PathOf(tools.Folder, intent.Handle), Deadline = intent.DeadlineSinceBoot };
        var start = OwnProgram.Start(Verb, Mark(intent.Handle), order.ToJson().ToJsonString());
        // Nothing of whoever started it stays open in it.
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        // It is to use up what it is told, and nothing besides.
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x2000000";
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        using var process = Process.Start(start) ?? throw new FaultException("A burner can't be started.");
        try
        {
            var error = process.StandardError.ReadToEndAsync(stop);
            if (await process.StandardOutput.ReadLineAsync(stop) != Ready)
            {
                await process.WaitForExitAsync(stop);
                throw new FaultException(await error is { Length: > 0 } why ? why.Trim() : $"The burner ended with {process.ExitCode} before it was at work: the kernel ran out of memory for it, or somebody ended it.");
            }
            // It says no more. Nobody reads on, and so nobody waits for it.
            process.StandardInput.Dispose();
            process.StandardOutput.Dispose();
            process.StandardError.Dispose();
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    /// <summary>Ends it.</summary>
    public static async Task<UndoOutcome> EndAsync(FaultIntent intent, FaultTools tools, CancellationToken limit)
    {
        if (Boot.IsOver(intent))
            return Boot.StartedAnew;
        var ended = 0;
        foreach (var process in Of(intent.Handle))
        {
            using var held = HeldProcess.Hold(process.Pid, process.Start);
            if (held is null)
                continue;
            held.Signal(Posix.SigKill);
            if (!await held.EndedAsync(tools.Time, Patience, limit))
                return new UndoOutcome.Incomplete($"the burner {process.Pid} still runs", $"Run as root: kill -KILL {process.Pid}. It ends by itself at the deadline.");
            ended++;
        }
        return ended > 0 ? new UndoOutcome.Undone() : new UndoOutcome.NothingToUndo("the burner has ended");
    }

    /// <summary>Whether it still runs, an English clause; null if not.</summary>
    public static string? Residue(FaultIntent intent) =>
        !Boot.IsOver(intent) && Of(intent.Handle) is [var left, ..] ? $"the burner {left.Pid} still runs" : null;

    /// <summary>Every process that bears a handle.</summary>
    public static IReadOnlyList<HostProcess> Of(string handle) =>
        [.. HostProcesses.List().Where(p => p.Arguments.Contains(Verb) && p.Arguments.Contains(Mark(handle)))];

    private static string Mark(string handle) => $"pressure:{handle}";
}
