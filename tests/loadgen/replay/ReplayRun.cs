using Pressure.LoadGen.Engine;
using Pressure.LoadGen.Tests.Engine;
using Pressure.Record;

namespace Pressure.LoadGen.Tests.Replay;

/// <summary>A replay made by the engine, and what it gave.</summary>
internal sealed record ReplayRun(IReadOnlyList<EngineSecond> Seconds, Interval Total, TimeSpan Took)
{
    public RequestInterval Only => Total.Requests.Single();

    public static LoadPlan Plan(Uri target, double seconds = 60, ReplayOrder? order = null, int endpoints = 1) => new()
    {
        Name = "replay",
        Target = target,
        Duration = TimeSpan.FromSeconds(seconds),
        Load = new Load.Replay(order ?? new() { Captures = ["made.up"] }),
        Scenarios = [new Scenario("captured", 1, [.. Enumerable.Range(0, endpoints).Select(i => EngineRun.Get(target, $"endpoint {i}") with { Method = target.Scheme is "tcp" or "tls" ? "TCP" : "GET" })])],
        Http = EngineRun.Insecure,
    };

    public static ReplayOrder AtOnce(int connections) => new() { Captures = ["made.up"], Speed = double.PositiveInfinity, Connections = connections };

    public static async Task<ReplayRun> Of(LoadPlan plan, MemoryReplay replay, int lanes = 2, CancellationTokenSource? stop = null, RunClock? clock = null, Func<LoadGen.Steering, Task>? steer = null, Action<EngineSecond>? onSecond = null, TimeSpan? quiet = null)
    {
        var workload = Workload.Of(plan);
        clock ??= new RunClock(TimeProvider.System);
        var steering = new LoadGen.Steering(workload, clock);
        var seconds = new List<EngineSecond>();
        onSecond += seconds.Add;
        var running = new LoadEngine(new EngineJob(workload, "run-1", lanes) { Replay = replay, Steering = steering, Quiet = quiet ?? RawTurns.UsualQuiet }, clock).RunAsync(onSecond, stop?.Token ?? CancellationToken.None);
        await Task.WhenAll(running, steer?.Invoke(steering) ?? Task.CompletedTask);
        var total = new Interval(0, 0, plan.Requests.Count);
        seconds.ForEach(s => total.Add(s.Interval));
        var run = new ReplayRun(seconds, total, clock.Now);
        run.AssertConserved(plan, replay);
        return run;
    }

    // Holds over every replay, whatever happened in it.
    private void AssertConserved(LoadPlan plan, MemoryReplay replay)
    {
        Assert.Equal(Enumerable.Range(0, Seconds.Count), Seconds.Select(s => s.Interval.Second));
        foreach (var request in Total.Requests)
        {
            Assert.Equal(request.Asked, request.Sent + request.NotSent);
            Assert.Equal(request.Sent, request.Ok + request.Failed);
            Assert.Equal(request.Failed, request.Errors().Sum(e => e.Count));
            Assert.Equal(request.Sent, request.ResponseTime.Count);
            Assert.Equal(request.Sent, request.ServiceTime.Count);
        }

        Assert.Equal(Total.IterationsStarted, Total.IterationsEnded);
        var over = replay.Requests.Where(r => r.Answer is not null).ToList();
        var requests = replay.Requests.Count(r => !r.IsGoodbye);
        Assert.Equal(Total.Requests.Sum(r => r.Sent), over.Count);
        // What is taken is over or given back, once.
        Assert.Equal(replay.Taken, over.Count + replay.Dropped.Count);
        Assert.Equal(replay.Dropped.Distinct().Count(), replay.Dropped.Count);
        Assert.DoesNotContain(over, replay.Dropped.Contains);
        var asked = Total.Requests.Sum(r => r.Asked);
        if (((Load.Replay)plan.Load).Order.IsAsFastAsPossible)
            Assert.InRange(asked, over.Count, requests);
        else
            Assert.Equal(asked, over.Count + replay.Dropped.OfType<MemoryRequest>().Count(r => !r.IsGoodbye));
        // Nothing is early, and a client has one request at a time, in order.
        if (!replay.AtOnce)
            Assert.All(over, r => Assert.True(r.Answer!.SentAt >= r.Due, $"{r.Answer.SentAt} before {r.Due}"));
        foreach (var client in over.GroupBy(r => r.Client))
            Assert.All(client.Zip(client.Skip(1)), pair => Assert.True(pair.Second.Answer!.SentAt >= pair.First.Answer!.EndedAt && pair.Second.Written > pair.First.Written));
    }
}
