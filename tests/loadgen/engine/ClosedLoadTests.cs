using System.Diagnostics;
using Pressure.Record;
using Pressure.TestKit;

namespace Pressure.LoadGen.Tests.Engine;

public sealed class ClosedLoadOnTheLoopTests() : ClosedLoadTests(overHandler: false);

public sealed class ClosedLoadOverTheHandlerTests() : ClosedLoadTests(overHandler: true);

/// <summary>The rules of the closed model, which hold on both lanes. Over https, which a machine without a TLS library for the loop leaves to the handler.</summary>
public abstract class ClosedLoadTests(bool overHandler)
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Each_user_has_one_request_at_a_time_and_all_users_are_there(int lanes)
    {
        var (open, most) = (0, 0);
        var all = new TaskCompletionSource();
        await using var server = Serving(async c =>
        {
            while (await c.ReadRequestAsync() is not null)
            {
                var now = Interlocked.Increment(ref open);
                InterlockedMax(ref most, now);
                // Nobody is answered until all have asked: on a busy machine they would meet by chance.
                if (now == 7)
                    all.TrySetResult();
                await all.Task.WaitAsync(c.Closing);
                await c.DelayAsync(0.05);
                Interlocked.Decrement(ref open);
                await c.WriteAsync(RawServer.Ok);
            }
        });

        var run = await RunAsync(Users(7, 1.5, EngineRun.Get(server.Url)), lanes);

        Assert.Equal(7, most);
        Assert.Equal(7, server.Connections);
        Assert.Equal(server.Requests, run.Only.Ok);
        Assert.Equal(0, run.Only.NotSent);
        // 1.5 s of at least 50 ms each, and the one that is under way at the end.
        Assert.InRange(run.Only.Sent, 7, 7 * 31);
        Assert.True(run.Only.ResponseTime.Percentile(50) >= TimeSpan.FromMilliseconds(49));
    }

    [Fact]
    public async Task Pacing_keeps_iterations_apart_however_fast_the_answers_come()
    {
        await using var server = Answering();
        var plan = Users(2, 1, EngineRun.Get(server.Url));

        var run = await RunAsync(plan with { Scenarios = [plan.Scenarios[0] with { Pacing = TimeSpan.FromSeconds(0.3) }] });

        // At 0, 0.3, 0.6 and 0.9 s, or a little later.
        Assert.InRange(run.Only.Sent, 2, 8);
        Assert.Equal(run.Only.Sent, run.Total.IterationsEnded);
    }

    [Fact]
    public async Task The_mix_holds_in_every_lane()
    {
        await using var server = Answering();
        var plan = Users(4, 1, EngineRun.Get(server.Url));

        var run = await RunAsync(plan with { Scenarios = [new("a", 1, [EngineRun.Get(server.Url, "a")]), new("b", 1, [EngineRun.Get(server.Url, "b")])] });

        var (a, b) = (run.Total.Requests[0].Sent, run.Total.Requests[1].Sent);
        Assert.InRange(a - b, 0, 2);
    }

    [Fact]
    public async Task What_a_user_had_not_begun_when_stopped_was_never_asked()
    {
        await using var server = Answering();
        using var stop = new CancellationTokenSource();
        var pause = new Step.Think(TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(4));

        var running = RunAsync(Users(5, 300, EngineRun.Get(server.Url, "a"), pause, EngineRun.Get(server.Url, "b")), stop: stop);
        await Eventually.Holds(() => server.Requests == 5);
        await stop.CancelAsync();
        var run = await running;

        Assert.Equal([5, 0], run.Total.Requests.Select(r => r.Asked));
    }

    [Fact]
    public async Task A_user_who_finds_nobody_there_waits_a_little_before_trying_again()
    {
        using var gone = new HeldPort();

        var run = await RunAsync(Users(3, 1, EngineRun.Get(new Uri($"{(overHandler ? "https" : "http")}://127.0.0.1:{gone.Number}/"))));

        Assert.Equal([(RequestError.ConnectRefused, run.Only.Sent)], run.Only.Errors());
        // At 0, 100, ..., 900 ms, or a little later.
        Assert.InRange(run.Only.Sent, 3, 3 * 10);
        Assert.Equal(run.Only.Sent, run.Total.IterationsEnded);
    }

    [Fact]
    public async Task A_user_whose_requests_fail_otherwise_goes_on_at_once()
    {
        var shortest = long.MaxValue;
        using var stop = new CancellationTokenSource();
        await using var server = Serving(async c =>
        {
            while (await c.ReadRequestAsync() is not null)
            {
                var answered = Stopwatch.StartNew();
                await c.WriteAsync("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
                if (await c.ReadRequestAsync() is null)
                    break;
                Interlocked.Exchange(ref shortest, Math.Min(Interlocked.Read(ref shortest), answered.ElapsedMilliseconds));
                await c.WriteAsync("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
            }
        });

        var running = RunAsync(Users(1, 300, EngineRun.Get(server.Url)), stop: stop);
        // With the pause of those who find nobody there it would never be less than 100 ms.
        await Eventually.Holds(() => Interlocked.Read(ref shortest) < 90);
        await stop.CancelAsync();
        var run = await running;

        Assert.True(run.Only.Failed > 0 && run.Only.Ok == 0, $"{run.Only.Failed} requests failed, {run.Only.Ok} did not");
    }

    [Fact]
    public async Task Users_come_and_go_as_the_stages_say()
    {
        var (open, most) = (0, 0);
        await using var server = Serving(async c =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref open));
            while (await c.ReadRequestAsync() is not null)
            {
                await c.DelayAsync(0.02);
                await c.WriteAsync(RawServer.Ok);
            }
        });
        var plan = Users(1, 2, EngineRun.Get(server.Url)) with
        {
            Load = new Load.Users([new(0, 4, TimeSpan.FromSeconds(1)), new(4, 4, TimeSpan.FromSeconds(4)), new(4, 0, TimeSpan.FromSeconds(1))]),
        };

        var run = await RunAsync(plan);

        Assert.Equal(4, most);
        Assert.Equal(run.Only.Sent, run.Only.Ok);
        Assert.InRange(run.Took.TotalSeconds, 5.5, 60);
    }

    [Fact]
    public async Task A_pause_ends_with_the_run()
    {
        await using var server = Answering();
        using var stop = new CancellationTokenSource();
        var plan = Users(5, 300, EngineRun.Get(server.Url));

        var running = RunAsync(plan with { Scenarios = [plan.Scenarios[0] with { Pacing = TimeSpan.FromMinutes(4) }] }, stop: stop);
        await Eventually.Holds(() => server.Requests == 5);
        await Task.Delay(500, TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        var run = await running;

        Assert.Equal((5, 5, 0), (run.Only.Asked, run.Only.Ok, run.Total.IterationsDropped));
        Assert.InRange(run.Took.TotalSeconds, 0.5, 90);
    }

    [Fact]
    public async Task Users_leave_when_the_rows_are_used_up_and_it_is_told_once()
    {
        await using var server = Answering();
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("accounts.csv"), "id\n" + string.Concat(Enumerable.Range(0, 25).Select(i => $"{i}\n")));
        File.WriteAllText(folder.File("plan.yaml"), $$$"""
            name: test
            target: {{{server.Url}}}
            load: { users: 4, duration: 2s }
            http: { insecure: true }
            data: [ { file: accounts.csv, pick: unique } ]
            scenarios: [ { pacing: 10ms, steps: [ { get: "/{{id}}" }, { get: "/again/{{id}}" } ] } ]
            """);

        var run = await RunAsync(Plans.ReadFile(folder.File("plan.yaml")), lanes: 1);

        Assert.Equal([25, 25], run.Total.Requests.Select(r => r.Asked));
        Assert.Equal((50, 0, 50), (run.Total.Requests.Sum(r => r.Ok), run.Total.IterationsDropped, server.Requests));
        var told = Assert.Single(run.Seconds.SelectMany(s => s.UsedUp));
        Assert.Equal(("accounts", 25), (told.Name, told.Rows));
    }

    private RawServer Answering(string response = RawServer.Ok) => RawServer.Answering(response, tls: overHandler);

    private RawServer Serving(Func<RawConnection, Task> serve) => new(serve, tls: overHandler);

    private Task<EngineRun> RunAsync(LoadPlan plan, int lanes = 2, CancellationTokenSource? stop = null) => EngineRun.Of(plan, lanes, stop, overHandler);

    private static LoadPlan Users(int users, double seconds, params Step[] steps) => EngineRun.Plan(1, seconds, steps) with
    {
        Load = new Load.Users([new(users, users, TimeSpan.FromSeconds(seconds))]),
    };

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = most; seen < value; seen = most)
            Interlocked.CompareExchange(ref most, value, seen);
    }
}
