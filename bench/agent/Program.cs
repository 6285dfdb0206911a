using System.Diagnostics;
using Pressure.Bench.Agent;
using Pressure.Record;
using Pressure.TestKit;
using Pressure.Web.Access;

// Runs the agent's own program on a machine with containers, connected to an AccessServer, and prints what it takes. Of several programs
// (builds to be compared) each is an agent of its own, all at the same time.
if (args is not [var count, var seconds, _, ..])
{
    Console.Error.WriteLine("usage: Pressure.Bench.Agent CONTAINERS SECONDS PROGRAM...");
    return 2;
}

var programs = args[2..];
using var folder = new TempFolder();
await using var docker = await DockerEngine.StartAsync();
// A few processes each, one of them new every other second.
for (var i = 0; i < int.Parse(count); i++)
    await docker.RunAsync(new ContainerOrder($"service-{i}", "busybox", "sh", "-c", "busybox sleep 3600 & while :; do busybox sleep 2; done") { Cpus = 0.5, MemoryBytes = 64 << 20 });

await using var server = await AccessServer.StartAsync(new AccessOptions("https://127.0.0.1:0"), folder.File("centre"), TimeProvider.System);
var agents = new List<AgentProcess>();
try
{
    foreach (var program in programs)
    {
        var name = $"bench{agents.Count}";
        await AgentProcess.EnrolAsync(program, name, folder.File(name), $"https://127.0.0.1:{server.Port}", server.Tokens.Create(TimeSpan.FromHours(1)).Text);
        agents.Add(AgentProcess.Run(program, name, folder.File(name), docker.Socket));
    }
    // By then code is compiled as well as it will be.
    await Task.Delay(TimeSpan.FromSeconds(60));
    foreach (var line in await Task.WhenAll(agents.Select(MeasureAsync)))
        Console.WriteLine(line);
}
finally
{
    agents.ForEach(agent => agent.Dispose());
}
return 0;

async Task<string> MeasureAsync(AgentProcess agent)
{
    var samples = new List<HostSample>();
    var (begin, cpu) = (Stopwatch.GetTimestamp(), agent.Cpu);
    using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(int.Parse(seconds)));
    try
    {
        await foreach (var entry in server.FollowAsync(agent.Name, TimeProvider.System.GetUtcNow(), stop.Token))
        {
            if (entry.Entry.Host is { } sample)
                samples.Add(sample);
        }
    }
    catch (OperationCanceledException)
    {
        // The time is over.
    }
    var used = (agent.Cpu - cpu) / Stopwatch.GetElapsedTime(begin);
    var last = samples.LastOrDefault();
    return $"{agent.Program}: samples={samples.Count} containers={last?.Containers?.Count} named={last?.Containers?.Count(c => c.Name.StartsWith("service-", StringComparison.Ordinal))} "
        + $"processes={last?.Processes?.Count} cpuPercent={used * 100:0.00} rssMiB={agent.Mebibytes("VmRSS"):0.0} highestRssMiB={agent.Mebibytes("VmHWM"):0.0} "
        + $"anonymousMiB={agent.Mebibytes("RssAnon"):0.0} fileMiB={agent.Mebibytes("RssFile"):0.0} sharedMiB={agent.Mebibytes("RssShmem"):0.0}";
}
