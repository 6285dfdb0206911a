using System.Text.Json;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>Ctrl-C and SIGTERM: load ends within 2 s, and what was run is reported as any other run.</summary>
public class StopTests
{
    private const string Long = "{ rate: 50/s, duration: 10m }";

    // Two seconds on an idle machine. A busy one takes its time to get to it, and not the minutes that load and requests would have left.
    private const double Soon = 20;

    [Theory(Timeout = 120_000)]
    [InlineData("INT", "Ctrl-C")]
    [InlineData("TERM", "SIGTERM")]
    public async Task A_signal_ends_the_run_and_keeps_its_figures(string signal, string by)
    {
        await using var target = RawTarget.Answering();
        using var program = new PressureProgram().Press(Plans.Of(target.Url, Long));
        await UntilAsync(() => target.Served >= 30);

        program.Signal(signal);
        var ended = await program.EndAsync();

        var summary = program.Summary();
        Assert.Equal(130, ended.ExitCode);
        Assert.StartsWith("STOPPED: ", ended.Output, StringComparison.Ordinal);
        Assert.Contains(by, ended.Output, StringComparison.Ordinal);
        Assert.Equal("stopped", summary.GetProperty("verdict").GetString());
        Assert.InRange(target.Served, Count(summary, "ok"), Count(summary, "sent"));
        AssertConserved(summary);
        Assert.InRange(At(summary, "loadEnded") - At(summary, "stopRequested"), 0, Soon);
    }

    [Fact(Timeout = 120_000)]
    public async Task Requests_that_a_silent_target_holds_do_not_delay_the_end()
    {
        await using var target = RawTarget.Silent();
        using var program = new PressureProgram().Press(Plans.Of(target.Url, Long, "{ timeout: 5m }"));
        await UntilAsync(() => HasSeconds(program));

        program.Signal("INT");
        var ended = await program.EndAsync();

        var summary = program.Summary();
        Assert.Equal(130, ended.ExitCode);
        AssertConserved(summary);
        Assert.Equal(Count(summary, "sent"), summary.GetProperty("errors").GetProperty("stopped").GetInt64());
        Assert.InRange(At(summary, "loadEnded") - At(summary, "stopRequested"), 0, Soon);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_run_that_was_stopped_has_a_full_report()
    {
        await using var target = RawTarget.Answering();
        using var program = new PressureProgram().Press(Plans.Of(target.Url, Long), "--lang", "en");
        await UntilAsync(() => target.Served >= 30);

        program.Signal("INT");
        var ended = await program.EndAsync();

        Assert.Equal(130, ended.ExitCode);
        Assert.Contains("Ctrl-C", File.ReadAllText(Path.Combine(program.RunFolder, "report.html")), StringComparison.Ordinal);
        Assert.True(new FileInfo(Path.Combine(program.RunFolder, "report.pdf")).Length > 1000, ended.Error);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_run_whose_process_was_killed_can_be_reported_afterwards()
    {
        await using var target = RawTarget.Answering();
        using var program = new PressureProgram().Press(Plans.Of(target.Url, Long));
        await UntilAsync(() => HasSeconds(program));
        program.Signal("KILL");
        await program.EndAsync();

        using var report = new PressureProgram().Start("report", program.RunFolder, "--no-report", "--quiet");
        var ended = await report.EndAsync();

        var summary = program.Summary();
        Assert.Equal(130, ended.ExitCode);
        Assert.Equal("stopped", summary.GetProperty("verdict").GetString());
        Assert.InRange(Count(summary, "sent"), 1, target.Served);
    }

    private static bool HasSeconds(PressureProgram program) =>
        new FileInfo(Path.Combine(program.RunFolder, "intervals.log")) is { Exists: true, Length: > 100 };

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
            await Task.Delay(10, TestContext.Current.CancellationToken);
    }

    private static long Count(JsonElement summary, string name) => summary.GetProperty("requests").GetProperty(name).GetInt64();

    private static double At(JsonElement summary, string kind) =>
        summary.GetProperty("events").EnumerateArray().Single(e => e.GetProperty("kind").GetString() == kind).GetProperty("at").GetDouble();

    private static void AssertConserved(JsonElement summary)
    {
        Assert.Equal(Count(summary, "asked"), Count(summary, "sent") + summary.GetProperty("load").GetProperty("notSent").GetInt64());
        Assert.Equal(Count(summary, "sent"), Count(summary, "ok") + Count(summary, "failed"));
    }
}
