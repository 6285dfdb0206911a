using System.Net;
using System.Net.Sockets;

namespace Pressure.Agent.Tests;

/// <summary>Samples of containers of a real engine.</summary>
public sealed class DockerTests : IDisposable
{
    /// <summary>Ends what waits in vain early enough for the engine to be ended too.</summary>
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(150));

    private CancellationToken Stop => _patience.Token;

    public void Dispose() => _patience.Dispose();

    [Fact(Timeout = 300_000)]
    public async Task Samples_of_containers_agree_with_the_engine()
    {
        await using var docker = await DockerEngine.StartAsync();
        var sampler = new HostSampler("web1", TimeProvider.System, HostRoots.Default with { Engines = [docker.Socket] }) { Patterns = ["busybox"] };
        await using var busy = await docker.RunAsync(new ContainerOrder("busy-1", "busybox", "sh", "-c", "while :; do :; done")
        {
            Cpus = 0.25,
            MemoryBytes = 64 << 20,
            Labels = new Dictionary<string, string> { ["pressure.service"] = "orders" },
        });
        await using var sink = await docker.RunAsync(new ContainerOrder("sink", "busybox", "sh", "-c", "busybox nc -l -p 9000 > /dev/null; sleep 1000"));
        await using var dying = await docker.RunAsync(new ContainerOrder("dying", "busybox", "sh", "-c", "sleep 5; exit 1") { Restarts = true });

        // It is held back unless the machine has nothing to give it anyway. Its CPU time by the engine's own count lies around the sample's.
        var from = await UsedAsync(busy);
        await SampleUntilAsync(sampler, s => Of(s, "busy-1") is { Throttled: > 0 });
        var sample = await SampleAsync(sampler, TimeSpan.FromSeconds(2));
        var until = await UsedAsync(busy);
        var used = Of(sample, "busy-1")!;
        Assert.Equal((busy.Id[..12], "orders", 0.25, 64L << 20), (used.Id, used.Service, used.CpuLimit, used.MemoryLimit));
        Assert.InRange(used.Cpu * sample.Over.TotalSeconds, 0.01, (until - from).TotalSeconds);
        Assert.InRange(used.Cpu, 0.01, 0.35);
        Assert.Equal("orders", sample.Processes!.First(p => p.Container == "busy-1").Service);
        Assert.Equal(1, sampler.Watched.Single(p => p.Container == "busy-1").NamespacePid);

        // A quiet container's memory stands still, so both see the same.
        var memory = (await sink.StatsAsync()).GetProperty("memory_stats");
        var cache = memory.GetProperty("stats").TryGetProperty("total_inactive_file", out var v1) ? v1 : memory.GetProperty("stats").GetProperty("inactive_file");
        Assert.InRange(Of(await SampleAsync(sampler), "sink")!.Memory, 0, memory.GetProperty("usage").GetInt64() - cache.GetInt64() + (1 << 20));

        var sent = await SendAsync(await sink.AddressAsync(), bytes: 20_000_000);
        var received = 0.0;
        await SampleUntilAsync(sampler, s => Received(s) is var bytes && (received += bytes) > 0 && bytes == 0);
        // A container's rate is over its own time between two readings, which a busy machine stretches.
        Assert.InRange(received, sent * 0.5, sent * 2);

        await SampleUntilAsync(sampler, s => Of(s, "dying") is { Restarts: >= 1 });

        await sink.DisposeAsync();
        await SampleUntilAsync(sampler, s => Of(s, "sink") is null);
    }

    private static double Received(HostSample sample) => Of(sample, "sink")?.Network is { } network ? network.In * sample.Over.TotalSeconds : 0;

    private static ContainerSample? Of(HostSample sample, string name) => sample.Containers!.SingleOrDefault(c => c.Name == name);

    private static async Task<TimeSpan> UsedAsync(DockerContainer container) =>
        TimeSpan.FromMicroseconds((await container.StatsAsync()).GetProperty("cpu_stats").GetProperty("cpu_usage").GetProperty("total_usage").GetInt64() / 1000.0);

    private async Task<HostSample> SampleAsync(HostSampler sampler, TimeSpan? after = null)
    {
        HostSample? sample;
        do
            await Task.Delay(after ?? TimeSpan.FromMilliseconds(300), Stop);
        while ((sample = sampler.Sample()) is null);
        return sample;
    }

    private async Task<HostSample> SampleUntilAsync(HostSampler sampler, Func<HostSample, bool> condition)
    {
        HostSample sample;
        do
            sample = await SampleAsync(sampler);
        while (!condition(sample));
        return sample;
    }

    private async Task<int> SendAsync(string address, int bytes)
    {
        using var client = new TcpClient();
        while (!client.Connected)
        {
            try
            {
                await client.ConnectAsync(IPAddress.Parse(address), 9000, Stop);
            }
            catch (SocketException)
            {
                await Task.Delay(100, Stop);
            }
        }
        await client.GetStream().WriteAsync(new byte[bytes], Stop);
        return bytes;
    }
}
