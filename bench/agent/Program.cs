using System.Diagnostics;
using Pressure.Bench.Agent;
using Pressure.Record;
using Pressure.TestKit;
using Pressure.Web.Access;

// Runs the agent's own program on a machine with containers, connected to an AccessServer, and prints what it takes.
if (args is not [var program, var count, var seconds])
{
    Console.Error.WriteLine("usage: Pressure.Bench.Agent PROGRAM CONTAINERS SECONDS");
    return 2;
}

var length = TimeSpan.FromSeconds(int.Parse(seconds));
using var folder = new TempFolder();
await using var docker = await DockerEngine.StartAsync();
// Most wait, as services do; each has a few processes.
for (var i = 0; i < int.Parse(count); i++)
    await docker.RunAsync(new ContainerOrder($"service-{i}", "busybox", "sh", "-c", "busybox sleep 3600 & while :; do busybox sleep 0.5; done") { Cpus = 0.5, MemoryBytes = 64 << 20 });

await using var server = await AccessServer.StartAsync(new AccessOptions("https://127.0.0.1:0"), folder.File("centre"), TimeProvider.System);
await AgentProcess.EnrolAsync(program, folder.File("agent"), $"https://127.0.0.1:{server.Port}", server.Tokens.Create(TimeSpan.FromHours(1)).Text);
using var agent = AgentProcess.Run(program, folder.File("agent"), docker.Socket);

// By then its code is compiled as well as it will be.
var warm = TimeSpan.FromSeconds(60);
var samples = new List<HostSample>();
await Task.Delay(warm);
var (from, cpu) = (Stopwatch.GetTimestamp(), agent.Cpu);
using (var stop = new CancellationTokenSource(length))
{
    try
    {
        await foreach (var entry in server.FollowAsync("bench", TimeProvider.System.GetUtcNow(), stop.Token))
        {
            if (entry.Entry.Host is { } sample)
                samples.Add(sample);
        }
    }
    catch (OperationCanceledException)
    {
        // The time is over.
    }
}
var passed = Stopwatch.GetElapsedTime(from);
Console.WriteLine(
    $"samples={samples.Count} containers={samples.LastOrDefault()?.Containers?.Count ?? 0} named={samples.LastOrDefault()?.Containers?.Count(c => c.Name.StartsWith("service-", StringComparison.Ordinal)) ?? 0} "
    + $"processes={samples.LastOrDefault()?.Processes?.Count ?? 0} cpuPercent={(agent.Cpu - cpu) / passed * 100:0.00} "
    + $"ownCpuPercent={samples.Average(s => s.Agent?.Cpu ?? 0) * 100:0.00} rssMiB={agent.Mebibytes("VmRSS"):0.0} highestRssMiB={agent.Mebibytes("VmHWM"):0.0} anonymousMiB={agent.Mebibytes("RssAnon"):0.0}");
return 0;
