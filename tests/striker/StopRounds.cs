using Pressure.Faults;

namespace Pressure.Striker;

/// <summary>G3: many targets under fault, and a stop: by the controller, by SIGTERM to the executor, by the global stop, by the end of the controller. Of containers, which take long, by two of them.</summary>
internal static class StopRounds
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60), Bound = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(string kind, int targets, int rounds)
    {
        var good = true;
        await using var place = await Place.OfAsync(kind, targets);
        foreach (var (way, stop) in Ways(place.State).Where(w => !kind.StartsWith("container-", StringComparison.Ordinal) || w.Way is "SIGTERM" or "controller's death"))
        {
            var figures = new Figures();
            for (var round = 0; round < rounds; round++)
            {
                using var striker = await ControllerProcess.AllOnAsync(place, TimeSpan.FromSeconds(30));
                stop(striker);
                figures.Add(await striker.CleanAsync(Patience));
                new GlobalStop(place.State).Lift();
                new RunningExperiments(place.State).Forget("striker");
            }
            Console.WriteLine($"G3 {way,-18} {figures}");
            good &= figures.Reached(1, Bound);
        }
        Console.WriteLine($"G3 goal: {targets} targets of {kind} reverted within {Bound.TotalMilliseconds:0} ms: {(good ? "reached" : "missed")}");
        return good ? 0 : 1;
    }

    private static IEnumerable<(string Way, Action<ControllerProcess> Stop)> Ways(string state) =>
    [
        ("end all", s => s.Tell("end")),
        ("SIGTERM", s => ControllerProcess.Signal(s.Executor, "TERM")),
        ("halt-all", _ => new GlobalStop(state).Set(new Halt("striker", TimeProvider.System.GetUtcNow(), "G3"))),
        ("experiment's stop", _ => new RunningExperiments(state).AskToStop("striker", "striker")),
        ("controller's death", s => ControllerProcess.Kill(s.Controller)),
    ];
}
