using System.Net;
using System.Text.Json;
using Pressure.Record;
using Pressure.TestKit;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>Real workers in networks of their own, a real broker, and <c>pressure run --workers</c>.</summary>
public sealed class WorkerTests(OpenRabbit rabbit) : IClassFixture<OpenRabbit>, IAsyncLifetime
{
    private const int Rate = 80;
    private const int Seconds = 22;

    // No stall of a busy machine outlasts the lease of almost eight seconds that goes with it.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(3);

    private readonly List<WorkerProcess> _workers = [];
    private readonly SourceCounter _counter = new();
    private RawTarget? _target;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
            await worker.DisposeAsync();
        if (_target is not null)
            await _target.DisposeAsync();
    }

    [Fact(Timeout = 240_000)]
    public async Task One_of_four_is_killed_and_every_request_is_accounted_for()
    {
        await StartAsync("k1", "k2", "k3", "k4");
        using var run = Press();
        await PressedAsync(run, 4);
        _workers[1].Signal("KILL");
        var ended = await run.EndAsync();

        var summary = run.Summary();
        AssertAccounts(summary, ended);
        var lost = RunFolder.ReadEvents(run.RunFolder).OfType<TimelineEvent.WorkerLost>().ToList();
        Assert.Contains(lost, l => l.Worker == "k2");
        var over = RunFolder.ReadEvents(run.RunFolder).OfType<TimelineEvent.ShareTakenOver>().First(t => t.From == "k2");
        var told = RunFolder.Read(run.RunFolder).Generator.Where(g => g.Worker == "k2").Max(g => g.At);
        TestContext.Current.TestOutputHelper!.WriteLine($"{(over.At - told).TotalSeconds:0.0} s from its last second to the takeover, not sent {summary.GetProperty("load").GetProperty("notSent")}");
        Assert.Contains("k2", File.ReadAllText(Path.Combine(run.RunFolder, "report.html")), StringComparison.Ordinal);
    }

    [Fact(Timeout = 240_000)]
    public async Task One_that_is_frozen_sends_nothing_when_it_wakes_up_after_its_lease()
    {
        await StartAsync("f1", "f2");
        using var run = Press("--no-report");
        await PressedAsync(run, 3);
        _workers[1].Signal("STOP");
        await UntilAsync(() => RunFolder.ReadEvents(run.RunFolder).Any(e => e is TimelineEvent.ShareTakenOver { From: "f2" }));
        // It is told of before the lease ends.
        var over = RunFolder.ReadEvents(run.RunFolder).OfType<TimelineEvent.ShareTakenOver>().First(t => t.From == "f2");
        await PressedAsync(run, (int)over.At.TotalSeconds + 1);
        var before = _counter.Of(_workers[1].Address);
        _workers[1].Signal("CONT");
        var ended = await run.EndAsync();

        // What lay in the sockets when it was frozen may only be read now.
        Assert.InRange(_counter.Of(_workers[1].Address), before, before + 2);
        AssertAccounts(run.Summary(), ended);
    }

    [Fact(Timeout = 120_000)]
    public async Task One_that_is_told_to_stop_leaves_in_order_and_its_name_is_free_again()
    {
        await StartAsync("s1");
        await using var second = new WorkerProcess("s1", rabbit.Broker);
        Assert.Equal(2, await second.EndAsync());
        Assert.Contains("Another worker is called s1; give one of them another --name.", second.Said, StringComparison.Ordinal);
        _workers[0].Signal("TERM");
        Assert.Equal(0, await _workers[0].EndAsync());
        Assert.Contains("everything is delivered", _workers[0].Said, StringComparison.Ordinal);
        await using var third = new WorkerProcess("s1", rabbit.Broker, "--json");
        await third.SaysAsync("\"shares\":[]");
    }

    private async Task StartAsync(params string[] names)
    {
        _target = RawTarget.Start(_counter.ServeAsync, IPAddress.Any);
        _workers.AddRange(names.Select(n => new WorkerProcess(n, rabbit.Broker)));
        foreach (var worker in _workers)
            await worker.SaysAsync("waiting for work");
    }

    private PressureProgram Press(params string[] options)
    {
        // A loopback address would be each worker's own.
        var here = _workers[0].Here;
        var plan = Plans.Of(new Uri($"http://{here}:{_target!.Url.Port}/"), $"{{ rate: {Rate}/s, duration: {Seconds}s }}");
        return new PressureProgram().Press(plan, [.. options, "--allow", here.ToString(), "--workers", $"{_workers.Count}", "--broker", rabbit.Broker.Address, "--heartbeat", $"{Heartbeat.TotalSeconds}s"]);
    }

    private static async Task PressedAsync(PressureProgram run, int seconds) =>
        await UntilAsync(() => RunFolder.Exists(run.RunFolder) && RunFolder.Read(run.RunFolder).Intervals.Any(i => i.Second >= seconds));

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
            await Task.Delay(50, Stop);
    }

    // Asked is what the plan asks for, whoever died; sent is what came to the target.
    private void AssertAccounts(JsonElement summary, Ended ended)
    {
        var requests = summary.GetProperty("requests");
        var (asked, sent, notSent) = (requests.GetProperty("asked").GetInt64(), requests.GetProperty("sent").GetInt64(), summary.GetProperty("load").GetProperty("notSent").GetInt64());
        Assert.True((asked, asked) == (Rate * Seconds, sent + notSent), $"asked {asked}, sent {sent}, not sent {notSent}, served {_counter.All}: {ended.Output}{ended.Error}");
        // What a killed one sent after its last full second nobody can tell.
        Assert.InRange(_counter.All, sent, sent + (Rate * 2));
    }
}

/// <summary>A broker that listens on all addresses of this machine.</summary>
public sealed class OpenRabbit : IAsyncLifetime
{
    internal RabbitMqServer Broker { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Broker = await RabbitMqServer.StartAsync(isOpen: true);

    public ValueTask DisposeAsync() => Broker.DisposeAsync();
}
