using System.Diagnostics;
using System.Globalization;
using Pressure.Agent;
using Pressure.Record;

namespace Pressure.Bench;

/// <summary>
/// What listening to the collections of a .NET process costs it: one process does the same work, 150 collections a second within it, with nobody
/// listening and with us listening, in turn (and the other way round every other round).
/// </summary>
internal static class GcListening
{
    private const string Work = "work 150";

    public static async Task<int> RunAsync(string collector, int rounds, int seconds)
    {
        using var target = Process.Start(new ProcessStartInfo("dotnet", collector) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        try
        {
            await AnswerAsync(target);
            await AskAsync(target, $"{Work} {Math.Min(seconds, 5)}"); // compiles its code
            var (alone, heard) = (new List<Round>(), new List<Round>());
            var log = new Log();
            for (var round = 0; round < rounds; round++)
            {
                if (round % 2 == 0)
                    alone.Add(await RoundAsync(target, seconds));
                heard.Add(await HeardRoundAsync(target, seconds, log));
                if (round % 2 == 1)
                    alone.Add(await RoundAsync(target, seconds));
                Console.Error.WriteLine($"round {round + 1} of {rounds} is done");
            }
            Print(alone, heard, log);
            return 0;
        }
        finally
        {
            target.Kill();
        }
    }

    private static async Task<Round> RoundAsync(Process target, int seconds)
    {
        var before = await AskAsync(target, "collect 1 0");
        var after = await AskAsync(target, $"{Work} {seconds}");
        return Round.Between(before, after);
    }

    private static async Task<Round> HeardRoundAsync(Process target, int seconds, Log log)
    {
        await using var listener = new DotnetGcListener(new WatchedProcess(target.Id, 0, "collector", target.Id, [], null, null, GcRuntime.Dotnet), log);
        // Until it hears.
        var heard = log.Count;
        while (log.Count == heard)
        {
            await AskAsync(target, "collect 1 0");
            await Task.Delay(50);
        }
        var before = await AskAsync(target, "collect 1 0");
        var cpu = Environment.CpuUsage.TotalTime;
        var after = await AskAsync(target, $"{Work} {seconds}");
        cpu = Environment.CpuUsage.TotalTime - cpu;
        await listener.DisposeAsync(); // reads what is left
        return Round.Between(before, after) with
        {
            Heard = log.Within(before.Collections, after.Collections),
            HeardPaused = log.PausedWithin(before.Collections, after.Collections),
            OwnCpu = cpu.TotalMilliseconds / (seconds * 10),
        };
    }

    private static void Print(List<Round> alone, List<Round> heard, Log log)
    {
        Console.WriteLine($"{"",-10} {"rounds",6} {"pieces/s",10} {"CPU us/piece",13} {"GC/s",7} {"pause us",9}");
        foreach (var (name, list) in new[] { ("alone", alone), ("heard", heard) })
            Console.WriteLine($"{name,-10} {list.Count,6} {Median(list, r => r.Pieces),10:0} {Median(list, r => r.CpuPerPiece),13:0.00} {Median(list, r => r.Collections / r.Seconds),7:0} {Median(list, r => r.Paused * 1000 / r.Collections),9:0.0}");
        Console.WriteLine(
            $"heard to alone, medians of pairs: pieces {Median(alone.Zip(heard), p => p.Second.Pieces / p.First.Pieces):0.000}, CPU {Median(alone.Zip(heard), p => p.Second.CpuPerPiece / p.First.CpuPerPiece):0.000}; "
            + $"as much apart are two rounds alone: {Median(alone.Zip(alone.Skip(1)), p => Math.Abs((p.Second.CpuPerPiece / p.First.CpuPerPiece) - 1)):0.000} in CPU");
        Console.WriteLine(
            $"heard {heard.Sum(r => r.Heard)} of {heard.Sum(r => r.Collections):0} collections; pauses in all {heard.Sum(r => r.HeardPaused):0.0} ms, the runtime says {heard.Sum(r => r.Paused):0.0} ms "
            + $"({heard.Sum(r => r.HeardPaused) / heard.Sum(r => r.Paused):0.000}); our own CPU {Median(heard, r => r.OwnCpu):0.00} % of a core{log.Told}");
    }

    private static double Median<T>(IEnumerable<T> of, Func<T, double> value)
    {
        var sorted = of.Select(value).Order().ToList();
        return sorted.Count == 0 ? 0 : (sorted[sorted.Count / 2] + sorted[(sorted.Count - 1) / 2]) / 2;
    }

    private static async Task<Says> AskAsync(Process target, string command)
    {
        await target.StandardInput.WriteLineAsync(command);
        await target.StandardInput.FlushAsync();
        return await AnswerAsync(target);
    }

    private static async Task<Says> AnswerAsync(Process target)
    {
        var line = await target.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The collector has ended.");
        var words = line.Split(' ').Select(w => double.Parse(w, CultureInfo.InvariantCulture)).ToArray();
        return new Says(Stopwatch.GetTimestamp(), (long)words[0], words[3], words[7], words[8]);
    }

    // What the runtime says: collections, pauses and processor time in ms since its start; pieces of work in the last command.
    private sealed record Says(long At, long Collections, double Paused, double Pieces, double Cpu);

    private sealed record Round(double Seconds, double Pieces, double CpuPerPiece, double Collections, double Paused)
    {
        public long Heard { get; init; }

        public double HeardPaused { get; init; }

        public double OwnCpu { get; init; }

        public static Round Between(Says before, Says after)
        {
            var seconds = Stopwatch.GetElapsedTime(before.At, after.At).TotalSeconds;
            return new Round(seconds, after.Pieces / seconds, (after.Cpu - before.Cpu) * 1000 / after.Pieces, after.Collections - before.Collections, after.Paused - before.Paused);
        }
    }

    private sealed class Log : IGcSink
    {
        private readonly List<GcEvent> _all = [];

        public string Told { get; private set; } = "";

        public int Count
        {
            get
            {
                lock (_all)
                    return _all.Count;
            }
        }

        public void Take(DateTimeOffset at, GcEvent collection)
        {
            lock (_all)
                _all.Add(collection);
        }

        public void Tell(string what) => Told += "\n" + what;

        public long Within(long after, long upTo) => _all.Where(c => c.Number > after && c.Number <= upTo).Select(c => c.Number).Distinct().Count();

        public double PausedWithin(long after, long upTo) => _all.Where(c => c.Number > after && c.Number <= upTo).Sum(c => c.Pause.TotalMilliseconds);
    }
}
