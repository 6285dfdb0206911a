using Pressure.Faults;

namespace Pressure.Striker;

/// <summary>
/// G2's other half: all three are killed before the deadline and nothing is started. What the kernel or a process of its own ends is not felt any more a
/// second after the deadline, as packets and processes tell; the rest stays until the next start, and is gone a few seconds after that.
/// </summary>
internal static class KernelRounds
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), Bound = TimeSpan.FromSeconds(1), NextStart = TimeSpan.FromSeconds(5), Hold = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(int rounds, TimeSpan lease)
    {
        var (kernel, next) = (new Figures(), new Figures());
        var early = 0;
        await using var place = Place.Ending();
        for (var round = 0; round < rounds; round++)
        {
            using var striker = await ControllerProcess.AllOnAsync(place, lease, Hold);
            striker.KillAll();
            if (striker.Intents < place.Struck.Count)
                throw new InvalidOperationException("It took so long to strike that the first faults were over.");
            // Faults of a kind are struck at once; the last deadline of each kind counts.
            var deadlines = striker.Journaled.GroupBy(i => i.Kind).ToDictionary(k => k.Key, k => (First: k.Min(i => i.Deadline), Last: k.Max(i => i.Deadline)));
            var ends = await Task.WhenAll(place.Struck.Where(EndsByItself).Select(async s => (s.Kind, At: await EndAsync(s))));
            foreach (var (kind, at) in ends)
            {
                early += at < deadlines[kind].First ? 1 : 0;
                kernel.Add(at is { } ended ? new Cleaning(ended - deadlines[kind].Last, [], 0) : new Cleaning(null, [kind], 0));
            }
            if (striker.Intents < place.Struck.Count)
                throw new InvalidOperationException("Somebody was left to revert.");
            await new WatchdogProcess(place.State, TimeProvider.System).EnsureIfNeededAsync();
            next.Add(await striker.CleanAsync(Patience));
        }
        Console.WriteLine($"G2 by itself          {kernel}  after the deadline; {early} before it");
        Console.WriteLine($"G2 at the next start  {next}");
        var good = early == 0 && kernel.Reached(1, Bound) && next.Reached(1, NextStart);
        Console.WriteLine($"G2 goal: not felt <= {Bound.TotalMilliseconds:0} ms after the deadline, all gone <= {NextStart.TotalMilliseconds:0} ms after the next start: {(good ? "reached" : "missed")}");
        return good ? 0 : 1;
    }

    private static bool EndsByItself(IStruck struck) => struck is StruckNetwork or StruckHost;

    /// <summary>When it is not felt any more; null if it is after all patience.</summary>
    private static async Task<DateTimeOffset?> EndAsync(IStruck struck)
    {
        for (var start = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(start) < Patience;)
        {
            var at = TimeProvider.System.GetUtcNow();
            if (!await struck.IsFeltAsync())
                return at;
            await Task.Delay(20);
        }
        return null;
    }
}
