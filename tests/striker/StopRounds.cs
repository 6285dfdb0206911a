using Pressure.Faults;

namespace Pressure.Striker;

/// <summary>G3: many targets under fault, and a stop: by the controller, by SIGTERM to the executor, by the global stop, by the end of the controller.</summary>
internal static class StopRounds
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), Bound = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(int targets, int rounds)
    {
        var good = true;
        using var place = new Place(targets);
        foreach (var (way, stop) in Ways(place.State))
        {
            var figures = new Figures();
            for (var round = 0; round < rounds; round++)
            {
                using var striker = await ControllerProcess.StartAsync(place.State, place.Notes, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(10), targets);
                await striker.AllOnAsync();
                stop(striker);
                figures.Add(await striker.CleanAsync(Patience), striker.Left);
                new GlobalStop(place.State).Lift();
                new RunningExperiments(place.State).Forget("striker");
            }
            Console.WriteLine($"G3 {way,-18} {figures}");
            good &= figures.LeftOver == 0 && figures.At(1) <= Bound;
        }
        Console.WriteLine($"G3 goal: {targets} targets reverted within {Bound.TotalMilliseconds:0} ms: {(good ? "reached" : "missed")}");
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
