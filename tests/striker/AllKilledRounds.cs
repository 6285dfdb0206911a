using Pressure.Faults;

namespace Pressure.Striker;

/// <summary>G2: controller and executor are killed; then, in other rounds, the watchdog first of all. The next start reverts that.</summary>
internal static class AllKilledRounds
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), Bound = TimeSpan.FromSeconds(2), NextStart = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(int rounds, TimeSpan lease)
    {
        var (two, three) = (new Figures(), new Figures());
        await using var place = Place.Mixed();
        for (var round = 0; round < rounds; round++)
        {
            using (var striker = await ControllerProcess.AllOnAsync(place, lease))
            {
                ControllerProcess.Kill(striker.Controller);
                ControllerProcess.Kill(striker.Executor);
                two.Add(await striker.CleanAsync(Patience));
            }
            using (var striker = await ControllerProcess.AllOnAsync(place, lease))
            {
                striker.KillAll();
                if ((await place.StillStruckAsync()).Count < place.Struck.Count)
                    throw new InvalidOperationException("Somebody was left to revert.");
                await new WatchdogProcess(place.State, TimeProvider.System).EnsureIfNeededAsync();
                three.Add(await striker.CleanAsync(Patience));
            }
        }
        Console.WriteLine($"G2 two killed         {two}");
        Console.WriteLine($"G2 three killed       {three}");
        var good = two.Reached(1, lease + Bound) && three.Reached(1, NextStart);
        Console.WriteLine($"G2 goal: 0 left over, two <= {(lease + Bound).TotalMilliseconds:0} ms, three <= {NextStart.TotalMilliseconds:0} ms after the next start: {(good ? "reached" : "missed")}");
        return good ? 0 : 1;
    }
}
