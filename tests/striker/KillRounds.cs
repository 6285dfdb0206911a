namespace Pressure.Striker;

/// <summary>
/// G1: faults are started, and at a random moment from the first order on (before the journal, between journal and apply, in the middle of applying, in
/// force) the controller or the executor is killed, or frozen; how long until nothing is left?
/// </summary>
internal static class KillRounds
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), Bound = TimeSpan.FromSeconds(2), Slowest = TimeSpan.FromSeconds(20);

    private static readonly string[] Ways = ["kill controller", "kill executor", "freeze controller", "freeze executor"];

    public static async Task<int> RunAsync(Place place, int faults, TimeSpan lease, Random random)
    {
        var figures = Ways.ToDictionary(w => w, _ => new Figures());
        var struck = new Dictionary<string, int>();
        while (struck.Values.Sum() < faults)
        {
            // Three of four are kills; what is frozen is killed in the end.
            var way = Ways[random.Next(8) switch { < 3 => 0, < 6 => 1, 6 => 2, _ => 3 }];
            using var striker = await ControllerProcess.StartAsync(place, lease);
            await MomentAsync(striker, place.Struck.Count, random);
            foreach (var kind in striker.Journaled.CountBy(i => i.Kind))
                struck[kind.Key] = struck.GetValueOrDefault(kind.Key) + kind.Value;
            var pid = way.EndsWith("executor", StringComparison.Ordinal) ? striker.Executor : striker.Controller;
            if (way.StartsWith("kill", StringComparison.Ordinal))
                ControllerProcess.Kill(pid);
            else
                ControllerProcess.Signal(pid, "STOP");
            figures[way].Add(await striker.CleanAsync(Patience));
            ControllerProcess.Kill(striker.Controller);
        }
        Console.WriteLine($"G1 {struck.Values.Sum()} faults in the journal at the moment of a kill: {string.Join(", ", struck.OrderByDescending(s => s.Value).Select(s => $"{s.Value} {s.Key}"))}");
        return Told(figures, lease);
    }

    /// <summary>Waits for some of the faults to be in the journal, and a little.</summary>
    private static async Task MomentAsync(ControllerProcess striker, int most, Random random)
    {
        var start = TimeProvider.System.GetTimestamp();
        for (var some = random.Next(1, most + 1); striker.Intents < some && TimeProvider.System.GetElapsedTime(start) < Slowest;)
            await Task.Delay(1);
        await Task.Delay(random.Next(0, 250));
    }

    private static int Told(Dictionary<string, Figures> figures, TimeSpan lease)
    {
        foreach (var (way, figure) in figures)
            Console.WriteLine($"G1 {way,-18} {figure}");
        var good = figures.Values.All(f => f.Reached(0.99, lease + Bound));
        Console.WriteLine($"G1 goal: 0 left over, p99 <= {(lease + Bound).TotalMilliseconds:0} ms: {(good ? "reached" : "missed")}");
        return good ? 0 : 1;
    }
}
