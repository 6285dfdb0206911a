using System.Security.Cryptography;

namespace Pressure.Bench.Access;

/// <summary>Agents by the thousand; a number on its input says how many shall be connected, each sends a heartbeat every ten seconds.</summary>
internal static class ClientProcess
{
    private const int Beats = 100;

    public static async Task RunAsync(string folder, int port)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(Path.Combine(folder, "key")));
        var ids = File.ReadAllLines(Path.Combine(folder, "ids"));
        var agents = new List<LightAgent>();
        var beating = BeatAsync(agents);
        while (await Console.In.ReadLineAsync() is { } order)
        {
            var problems = 0;
            var fresh = ids.Skip(agents.Count).Take(int.Parse(order) - agents.Count).Select(id => new LightAgent(id, key)).ToList();
            await Parallel.ForEachAsync(fresh, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (agent, _) =>
            {
                try
                {
                    await agent.ConnectAsync(port);
                }
                catch (Exception e)
                {
                    if (Interlocked.Increment(ref problems) == 1)
                        Console.Error.WriteLine(e.Message);
                }
                lock (agents)
                    agents.Add(agent);
            });
            Console.WriteLine($"{agents.Count(a => !a.Ended) - problems} {(long)Environment.CpuUsage.TotalTime.TotalMicroseconds}");
        }
        if (beating.IsFaulted)
            await beating;
    }

    /// <summary>A hundredth of them every tenth of a second.</summary>
    private static async Task BeatAsync(List<LightAgent> agents)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(10) / Beats);
        for (var turn = 0; await timer.WaitForNextTickAsync(); turn++)
        {
            LightAgent[] due;
            lock (agents)
                due = [.. agents.Where((_, i) => i % Beats == turn % Beats)];
            foreach (var agent in due)
                agent.Beat();
        }
    }
}
