using System.Text.Json;
using Pressure.TestKit;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>A service that is not well is told of by a process beside it, to a real webhook.</summary>
public class WatchTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task The_death_of_a_killed_service_is_told_once_and_its_watcher_ends()
    {
        await using var webhook = new HttpReceiver();
        using var service = new PressureProgram();
        var secret = Path.Combine(service.Folder, "notify");
        await File.WriteAllTextAsync(secret, "# whom to tell\nX-Token: very secret\n", Stop);
        await StartedAsync(service, "--notify", $"{webhook.Url}hook?room=1", "--notify-file", secret);
        var watcher = Assert.Single(Children(service.Id));

        service.Signal("KILL");

        var notice = await webhook.FirstAsync(r => r.Path == "/hook?room=1", Stop);
        Assert.Equal("very secret", notice.Headers["X-Token"]);
        Assert.Equal("died", Event(notice));
        Assert.Contains("has died", JsonDocument.Parse(notice.Text).RootElement.GetProperty("text").GetString(), StringComparison.Ordinal);
        await GoneAsync(watcher);
        Assert.Single(webhook.Requests);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task An_orderly_end_is_no_alarm(string signal)
    {
        await using var webhook = new HttpReceiver();
        using var service = new PressureProgram();
        await StartedAsync(service, "--notify", webhook.Url + "hook", "--alive", webhook.Url + "alive", "--every", "1s");
        var watcher = Assert.Single(Children(service.Id));
        // A watcher that has not begun yet could not tell of anything.
        await webhook.FirstAsync(r => r.Path == "/alive", Stop);

        // Ctrl-C and service managers signal the whole group.
        Signal(watcher, signal);
        service.Signal(signal);

        Assert.Equal(0, (await service.EndAsync()).ExitCode);
        await GoneAsync(watcher);
        Assert.DoesNotContain(webhook.Requests, r => r.Path == "/hook");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_notice_that_fails_is_tried_again_in_Chinese_if_asked_for()
    {
        await using var webhook = new HttpReceiver();
        webhook.Answer = (_, _) => Task.FromResult(webhook.Requests.Count == 1 ? 500 : 200);
        using var service = new PressureProgram();
        await StartedAsync(service, "--notify", webhook.Url.ToString(), "--lang", "zh");

        service.Signal("KILL");

        while (webhook.Requests.Count < 2)
            await Task.Delay(20, Stop);
        Assert.All(webhook.Requests, r => Assert.Contains("已崩溃", r.Text, StringComparison.Ordinal));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_service_that_hangs_is_told_of_and_told_again_when_it_goes_on_and_only_a_well_one_is_alive()
    {
        await using var webhook = new HttpReceiver();
        using var service = new PressureProgram();
        var url = await StartedAsync(service);
        using var watch = new PressureProgram();
        watch.Start("watch", url, "--notify", webhook.Url + "hook", "--alive", webhook.Url + "alive", "--every", "1s", "--check", "1s");
        await webhook.FirstAsync(r => r is { Method: "GET", Path: "/alive" }, Stop);

        service.Signal("STOP");
        Assert.Equal("silent", Event(await webhook.FirstAsync(r => r.Path == "/hook", Stop)));
        var calls = webhook.Requests.Count(r => r.Path == "/alive");
        service.Signal("CONT");
        Assert.Equal("recovered", Event(await webhook.FirstAsync(r => r.Path == "/hook" && Event(r) != "silent", Stop)));
        Assert.True(calls <= webhook.Requests.Count(r => r.Path == "/alive"));

        watch.Signal("TERM");
        Assert.Equal(0, (await watch.EndAsync()).ExitCode);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("--notify", "ftp://somewhere")]
    [InlineData("--notify-file", "not-there")]
    [InlineData("--every", "0s")]
    public async Task What_cannot_be_meant_is_refused(string option, string value)
    {
        using var program = new PressureProgram();
        program.Start("serve", "--url", "http://127.0.0.1:0", option, value);

        var ended = await program.EndAsync();

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(option, ended.Error, StringComparison.Ordinal);
    }

    /// <summary>The address of a service that has been started.</summary>
    private static async Task<string> StartedAsync(PressureProgram service, params string[] options)
    {
        service.Launch(["serve", "--url", "http://127.0.0.1:0", "--check", "1s", .. options]);
        var line = await service.LineAsync("Pressure listens on ");
        return line.Split(' ')[3];
    }

    private static string Event(Received notice) => JsonDocument.Parse(notice.Text).RootElement.GetProperty("event").GetString()!;

    // Asked of each process: a list by threads loses what a thread has started that is just ending.
    private static List<int> Children(int parent) =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(n => char.IsAsciiDigit(n![0])).Select(n => int.Parse(n!)).Where(p => ParentOf(p) == parent)];

    private static int? ParentOf(int process) => ProcFile.Read(process, "stat") is { } stat ? int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1]) : null;

    private static void Signal(int process, string signal)
    {
        using var kill = System.Diagnostics.Process.Start("kill", [$"-{signal}", $"{process}"]);
        kill.WaitForExit();
    }

    private static async Task GoneAsync(int process)
    {
        // Nobody may be there to reap it.
        while (ProcFile.IsRunning(process))
            await Task.Delay(20, Stop);
    }
}
