using System.Diagnostics;

namespace Pressure.Bench.Access;

/// <summary>Starts the processes, has them do their parts, and prints the table.</summary>
internal static class Measuring
{
    private const int Few = 100;

    public static async Task<int> RunAsync(int agents, int processes, TimeSpan length)
    {
        var root = Directory.CreateTempSubdirectory("pressure-access-");
        var servers = new List<Child>();
        var clients = new List<Child>();
        try
        {
            var each = agents / processes;
            for (var i = 0; i < processes; i++)
            {
                var folder = root.CreateSubdirectory($"{i}").FullName;
                var server = Child.Start("server", folder, $"{each}");
                servers.Add(server);
                clients.Add(Child.Start("client", folder, await server.AnswerAsync()));
            }

            await AskAsync(clients, $"{Math.Min(Few, each)}");
            await Task.Delay(TimeSpan.FromSeconds(7));
            var before = await MemoryAsync(servers);
            var start = Stopwatch.GetTimestamp();
            var connected = (await AskAsync(clients, $"{each}")).Sum(l => (int)Number(l, 0));
            var connecting = Stopwatch.GetElapsedTime(start);
            // The first questions about the time are over, and what the handshakes left behind.
            await Task.Delay(TimeSpan.FromSeconds(12));

            var full = await MemoryAsync(servers);
            var cpu = await CpuAsync(servers);
            start = Stopwatch.GetTimestamp();
            var (longest, fewest) = (0.0, int.MaxValue);
            while (Stopwatch.GetElapsedTime(start) < length)
            {
                // Looking costs something too.
                await Task.Delay(TimeSpan.FromSeconds(2));
                var silences = await AskAsync(servers, "silence");
                longest = Math.Max(longest, silences.Max(l => Number(l, 0)));
                fewest = Math.Min(fewest, silences.Sum(l => (int)Number(l, 1)));
            }
            var watched = Stopwatch.GetElapsedTime(start);
            cpu = await CpuAsync(servers) - cpu;
            var trips = (await AskAsync(servers, "commands 1000")).SelectMany(l => l.Split(' ')).Select(double.Parse).Order().ToList();

            Row("agents connected", $"{connected} of {each * processes}", $"in {connecting.TotalSeconds:0.0} s, {connected / connecting.TotalSeconds:0} a second");
            Row("memory of a connection", $"{(full.Resident - before.Resident) / (full.Connections - before.Connections) / 1024.0:0.0} KB", $"resident; of that managed heap {(full.Heap - before.Heap) / (full.Connections - before.Connections) / 1024.0:0.0} KB; goal 20 KB");
            Row("heartbeats", longest < 11 ? "all in time" : "late", $"longest silence {longest:0.0} s of 10 s asked, never fewer than {fewest} connected");
            Row("CPU of the servers", $"{cpu / watched.TotalMicroseconds * 100:0.0} % of a core", "all together; goal 10 %");
            Row("command round trip", $"p50 {At(trips, 0.5):0.00} ms, p99 {At(trips, 0.99):0.00} ms", $"{trips.Count} of them, longest {trips[^1] / 1000:0.0} ms; goal 1 ms, 5 ms");
            return connected == each * processes && fewest == connected && longest < 20 && double.IsFinite(trips[^1]) ? 0 : 1;
        }
        finally
        {
            foreach (var child in clients.Concat(servers))
                await child.DisposeAsync();
            root.Delete(recursive: true);
        }
    }

    private static async Task<Memory> MemoryAsync(List<Child> servers)
    {
        var lines = await AskAsync(servers, "memory");
        return new Memory((int)lines.Sum(l => Number(l, 0)), lines.Sum(l => Number(l, 1)), lines.Sum(l => Number(l, 2)));
    }

    /// <summary>Microseconds of all so far.</summary>
    private static async Task<double> CpuAsync(List<Child> servers) => (await AskAsync(servers, "cpu")).Sum(l => Number(l, 0));

    private static Task<string[]> AskAsync(List<Child> children, string order) => Task.WhenAll(children.Select(c => c.AskAsync(order)));

    private static double Number(string line, int index) => double.Parse(line.Split(' ')[index]);

    private static double At(List<double> sorted, double share) => sorted[(int)(share * (sorted.Count - 1))] / 1000;

    private static void Row(string what, string figure, string more) => Console.WriteLine($"{what,-24}{figure,-34}{more}");

    private sealed record Memory(int Connections, double Resident, double Heap);
}
