using System.Text.Json;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary><c>pressure ctl</c> on a run of another process.</summary>
public sealed class CtlTests
{
    private const string Long = "{ rate: 50/s, duration: 10m }";

    [Fact(Timeout = 120_000)]
    public async Task A_run_is_paused_resumed_made_faster_and_stopped_gracefully_by_another_process()
    {
        await using var target = RawTarget.Answering();
        using var run = new PressureProgram().Press(Plans.Of(target.Url, Long), "--no-report");
        await UntilAsync(() => target.Served >= 30);

        // What was due when the pause came may still go out; after that nothing does.
        var paused = At(await CtlAsync(run, "pause"));
        await UntilAtAsync(run, paused + 1);
        var served = target.Served;
        await UntilAtAsync(run, paused + 2.5);
        Assert.Equal(served, target.Served);
        Assert.Equal("paused", Run(await CtlAsync(run, "status")).GetProperty("phase").GetString());

        var resumed = At(await CtlAsync(run, "resume"));
        await UntilAsync(() => target.Served > served);
        var doubled = await CtlAsync(run, "rate", "200%");
        Assert.Equal(100, Run(doubled).GetProperty("askedRate").GetDouble());
        await UntilAtAsync(run, At(doubled) + 3.5);
        var stopped = At(await CtlAsync(run, "stop"));
        var ended = await run.EndAsync();

        var summary = run.Summary();
        var requests = summary.GetProperty("requests");
        Assert.Equal(130, ended.ExitCode);
        Assert.Equal("stopped", summary.GetProperty("verdict").GetString());
        Assert.Contains("Stopped gracefully by ctl", ended.Output, StringComparison.Ordinal);
        Assert.Contains("Paused by ctl", ended.Output, StringComparison.Ordinal);
        Assert.Empty(summary.GetProperty("errors").EnumerateObject());
        Assert.Equal(target.Served, requests.GetProperty("ok").GetInt64());
        Assert.Equal(requests.GetProperty("asked").GetInt64(), requests.GetProperty("sent").GetInt64() + summary.GetProperty("load").GetProperty("notSent").GetInt64());
        // The integral of the steered rate, but for what a lane may have heard too late on a busy machine.
        var asked = (50 * paused) + (50 * (At(doubled) - resumed)) + (100 * (stopped - At(doubled)));
        Assert.InRange(requests.GetProperty("asked").GetInt64(), asked - 50, asked + 50);
        Assert.Equal(stopped, summary.GetProperty("durationSeconds").GetDouble(), 0.01);
        Assert.False(File.Exists(Path.Combine(run.RunFolder, "control.sock")));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_stop_now_ends_the_run_as_a_signal_does()
    {
        await using var target = RawTarget.Silent();
        using var run = new PressureProgram().Press(Plans.Of(target.Url, Long, "{ timeout: 5m }"));
        await UntilRunningAsync(run);
        await UntilAtAsync(run, 1);

        await CtlAsync(run, "stop", "--now");
        var ended = await run.EndAsync();

        Assert.Equal(130, ended.ExitCode);
        Assert.Contains("ctl", ended.Output, StringComparison.Ordinal);
        Assert.Equal(run.Summary().GetProperty("requests").GetProperty("sent").GetInt64(), run.Summary().GetProperty("errors").GetProperty("stopped").GetInt64());
    }

    [Theory(Timeout = 60_000)]
    [InlineData("does not say per what", "500/s", "rate", "500")]
    [InlineData("is not a rate", "150%", "rate", "fast/s")]
    [InlineData("more than 10,000,000 requests per second", "lower", "rate", "99999999/s")]
    [InlineData("more than 10,000,000,000 requests", "lower", "rate", "9999999/s")]
    [InlineData("has no users", "rate 500/s", "users", "50")]
    [InlineData("is not a number of users", "50", "users", "many")]
    public async Task What_a_run_cannot_be_told_is_refused_with_a_remedy_and_changes_nothing(string problem, string remedy, params string[] what)
    {
        await using var target = RawTarget.Answering();
        using var run = new PressureProgram().Press(Plans.Of(target.Url, "{ rate: 20/s, duration: 1h }"));
        await UntilRunningAsync(run);
        using var ctl = new PressureProgram().Start(["ctl", .. what, "--run", run.RunFolder]);
        var ended = await ctl.EndAsync();

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(problem, ended.Error, StringComparison.Ordinal);
        Assert.Contains(remedy, ended.Error, StringComparison.Ordinal);
        Assert.Equal("plan", Run(await CtlAsync(run, "status")).GetProperty("load").GetString());
    }

    [Fact(Timeout = 60_000)]
    public async Task The_only_running_test_is_found_by_itself_one_of_several_by_its_id()
    {
        await using var target = RawTarget.Answering();
        using var first = new PressureProgram();
        first.Press(Plans.Of(target.Url, Long), "--no-report", "--quiet", "--out", Path.Combine(first.Folder, "runs", "one"));
        await UntilAsync(() => File.Exists(Path.Combine(first.Folder, "runs", "one", "control.sock")));

        var only = Run(await CtlInAsync(first.Folder, "status"));
        var id = only.GetProperty("id").GetString()!;
        using var second = new PressureProgram();
        second.Press(Plans.Of(target.Url, Long), "--no-report", "--quiet", "--out", Path.Combine(first.Folder, "runs", "two"));
        await UntilAsync(() => File.Exists(Path.Combine(first.Folder, "runs", "two", "control.sock")));

        using var unclear = new PressureProgram().Start("ctl", "pause", "--runs", Path.Combine(first.Folder, "runs"));
        var ended = await unclear.EndAsync();
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("2 tests are running", ended.Error, StringComparison.Ordinal);
        Assert.Contains($"--run {id}", ended.Error, StringComparison.Ordinal);
        Assert.Equal(id, Run(await CtlInAsync(first.Folder, "pause", "--run", id)).GetProperty("id").GetString());

        await CtlInAsync(first.Folder, "stop", "--now", "--run", id);
        Assert.Equal(130, (await first.EndAsync()).ExitCode);
        await CtlInAsync(first.Folder, "stop", "--now");
        Assert.Equal(130, (await second.EndAsync()).ExitCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_run_that_is_over_or_was_never_there_is_told_apart()
    {
        await using var target = RawTarget.Answering();
        using var run = new PressureProgram().Press(Plans.Of(target.Url));
        await run.EndAsync();

        Assert.Contains("No test is running", await FailAsync("ctl", "status"), StringComparison.Ordinal);
        Assert.Contains("is over", await FailAsync("ctl", "status", "--run", run.RunFolder), StringComparison.Ordinal);
        Assert.Contains("is over", await FailAsync("ctl", "status", "--run", "run", "--runs", run.Folder), StringComparison.Ordinal);
        Assert.Contains("There is no run nothing", await FailAsync("ctl", "status", "--run", "nothing", "--runs", run.Folder), StringComparison.Ordinal);

        static async Task<string> FailAsync(params string[] arguments)
        {
            using var ctl = new PressureProgram().Start(arguments);
            var ended = await ctl.EndAsync();
            Assert.Equal(2, ended.ExitCode);
            return ended.Error;
        }
    }

    private static async Task UntilRunningAsync(PressureProgram run) => await UntilAsync(() => File.Exists(Path.Combine(run.RunFolder, "control.sock")));

    private static async Task UntilAtAsync(PressureProgram run, double seconds)
    {
        while (Run(await CtlAsync(run, "status")).GetProperty("at").GetDouble() < seconds)
            await Task.Delay(50, TestContext.Current.CancellationToken);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
            await Task.Delay(10, TestContext.Current.CancellationToken);
    }

    private static Task<JsonElement> CtlAsync(PressureProgram run, params string[] what) => CtlInAsync(run.Folder, [.. what, "--run", run.RunFolder]);

    private static async Task<JsonElement> CtlInAsync(string folder, params string[] what)
    {
        using var ctl = new PressureProgram().Start(["ctl", .. what, "--runs", Path.Combine(folder, "runs"), "--json"]);
        var ended = await ctl.EndAsync();
        Assert.True(ended.ExitCode == 0, $"{string.Join(' ', what)}: {ended.ExitCode} {ended.Error}");
        return JsonDocument.Parse(ended.Output).RootElement;
    }

    private static double At(JsonElement reply) => reply.GetProperty("at").GetDouble();

    private static JsonElement Run(JsonElement reply) => reply.GetProperty("run");
}
