using System.Text.Json.Nodes;
using Pressure.Faults;

namespace Pressure.Striker;

/// <summary>A controller that strikes and tells what it does, so that somebody can kill it.</summary>
internal static class Controller
{
    public static async Task<int> RunAsync(string state, string notes, TimeSpan lease, TimeSpan duration, int count)
    {
        await using var executor = await ExecutorProcess.StartAsync(state, FaultTools.UsualSocket, lease, CancellationToken.None);
        Console.WriteLine($"executor {executor.Pid}");
        var starts = Enumerable.Range(0, count).Select(async number =>
        {
            var start = await executor.StartAsync(Order(notes, number, duration), CancellationToken.None);
            Console.WriteLine(start switch
            {
                FaultStart.InForce inForce => $"on {inForce.Handle}",
                FaultStart.Refused refused => $"refused {refused.Why}",
                FaultStart.Failed failed => $"failed {failed.End.Outcome}",
                _ => "?",
            });
            return start;
        });
        var all = await Task.WhenAll(starts);
        Console.WriteLine("all on");
        var told = Console.In.ReadLine();
        if (told is null)
            return 0;
        foreach (var end in told == "wait" ? await Task.WhenAll(all.OfType<FaultStart.InForce>().Select(s => executor.EndOf(s.Handle))) : await executor.EndAllAsync())
            Console.WriteLine($"off {end.Handle} {end.By} {end.Outcome.GetType().Name}");
        return 0;
    }

    /// <summary>By turns a fault that writes files, one that has a program write them, and one that freezes a process.</summary>
    private static FaultOrder Order(string notes, int number, TimeSpan duration) => number % 3 == 2
        ? new("process-freeze", Place.Targets(notes)[number] is var target ? new FaultTarget.Process(target.Pid, target.Start, target.Program) : null!, duration) { Experiment = "striker", By = "striker" }
        : new(number % 3 == 0 ? "note" : "note-by-program", new FaultTarget.Host("here"), duration)
        {
            Arguments = new JsonObject { ["folder"] = notes, ["notes"] = "3", ["pace"] = $"{10 + (number * 7 % 60)}ms" },
            Experiment = "striker",
            By = "striker",
        };
}
