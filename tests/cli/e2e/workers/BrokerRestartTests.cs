using System.Net;
using Pressure.Cluster;
using Pressure.Record;
using Pressure.TestKit;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>Real workers, and a real broker that goes and comes back while they press.</summary>
public sealed class BrokerRestartTests(HastyRabbit rabbit) : IClassFixture<HastyRabbit>
{
    private const int Rate = 90;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 240_000)]
    public async Task Restarted_in_order_and_as_by_a_power_cut_it_costs_a_run_nothing()
    {
        var counter = new SourceCounter();
        await using var target = RawTarget.Start(counter.ServeAsync, IPAddress.Any);
        var workers = new List<WorkerProcess>();
        try
        {
            workers.AddRange(((string[])["r1", "r2", "r3"]).Select(n => new WorkerProcess(n, rabbit.Broker)));
            foreach (var worker in workers)
                await worker.SaysAsync("waiting for work");
            using var run = Press(workers[0].Here, target);
            await PressedAsync(run, seconds: 2);
            await rabbit.Broker.RestartAsync();
            await PressedAsync(run, seconds: 2);
            await rabbit.Broker.KillAsync();
            await rabbit.Broker.StartAgainAsync();
            // Longer than an acknowledgement may take at this broker.
            await PressedAsync(run, seconds: 12);
            run.Signal("INT");
            await run.EndAsync();

            AssertExact(run, workers, counter);
            Assert.DoesNotContain("timed out", rabbit.Broker.Log, StringComparison.OrdinalIgnoreCase);
        }
        finally
        {
            foreach (var worker in workers)
                await worker.DisposeAsync();
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task What_is_not_acknowledged_in_time_is_taken_away_by_such_a_broker()
    {
        await using var bus = await RabbitBus.ConnectAsync(BrokerAddress.Parse(rabbit.Broker.Address).Address!, "slow", new() { Prefix = "slow." }, stop: Stop);
        await using var box = await bus.OpenAsync("box", 1, Stop);
        await bus.SendAsync("box", new("kind", new byte[1]), Stop);
        var times = 0;
        await foreach (var delivery in box.ReadAsync(Stop))
        {
            if (++times < 2)
                continue;
            await delivery.AcknowledgeAsync();
            break;
        }
    }

    // Everything that was told lies in the workers' own folders, bit by bit, and what was sent came to the target.
    private static void AssertExact(PressureProgram run, List<WorkerProcess> workers, SourceCounter counter)
    {
        var record = RunFolder.Read(run.RunFolder);
        var own = workers.SelectMany(w => Directory.GetDirectories(w.Runs, "share-*", SearchOption.AllDirectories)).SelectMany(f => RunFolder.Read(f).Intervals).Select(Text).Order();
        Assert.Equal(own, record.Intervals.Select(Text).Order());
        Assert.Empty(record.Events.OfType<TimelineEvent.WorkerLost>());
        Assert.Empty(record.Events.OfType<TimelineEvent.DataLost>());
        // Each worker hears of the stop at its own moment, one on a busy machine later than others.
        var common = record.Intervals.GroupBy(i => i.Share).Min(share => share.Max(i => i.Second));
        var seconds = record.Intervals.Where(i => i.Second < common - 2).GroupBy(i => i.Second).ToList();
        Assert.All(seconds, s => Assert.Equal((3, Rate), (s.Count(), s.Sum(i => i.Requests[0].Asked))));
        var summary = run.Summary();
        var (asked, sent, notSent) = (summary.GetProperty("requests").GetProperty("asked").GetInt64(), summary.GetProperty("requests").GetProperty("sent").GetInt64(), summary.GetProperty("load").GetProperty("notSent").GetInt64());
        Assert.Equal((asked, counter.All), (sent + notSent, sent));
        TestContext.Current.TestOutputHelper!.WriteLine($"{record.Intervals.Max(i => i.Second) + 1} s, asked {asked}, sent {sent}, served {counter.All}");
    }

    // Seconds that are told from now on.
    private static async Task PressedAsync(PressureProgram run, int seconds)
    {
        var begin = Last();
        while (Last() < begin + seconds)
            await Task.Delay(100, Stop);

        int Last() => RunFolder.Exists(run.RunFolder) ? RunFolder.Read(run.RunFolder).Intervals.Select(i => i.Second).DefaultIfEmpty(-1).Max() : -1;
    }

    private static string Text(Interval interval) => $"{interval.Share:00} {interval.Second:000} {Convert.ToHexString(interval.Encode())}";

    // Workers may be cut off for as long as a broker on a busy machine takes to come back.
    private PressureProgram Press(IPAddress here, RawTarget target)
    {
        var plan = Plans.Of(new Uri($"http://{here}:{target.Url.Port}/"), $"{{ rate: {Rate}/s, duration: 10m }}") + "\nworkers: { count: 3, heartbeat: 1s, lease: 3m }\nhosts: []\n";
        return new PressureProgram().Press(plan, "--no-report", "--quiet", "--allow", $"{here}", "--broker", rabbit.Broker.Address);
    }
}

/// <summary>The same, one that waits for acknowledgements for seconds where others wait for half an hour.</summary>
public sealed class HastyRabbit : IAsyncLifetime
{
    internal RabbitMqServer Broker { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Broker = await RabbitMqServer.StartAsync(moreConfiguration: "consumer_timeout = 8000\n", isOpen: true, moreArguments: "-rabbit channel_tick_interval 500");

    public ValueTask DisposeAsync() => Broker.DisposeAsync();
}
