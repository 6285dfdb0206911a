using System.Diagnostics;
using System.Runtime.InteropServices;
using Pressure.TestKit;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>Chaos from end to end: real containers under load, one killed at half time, and nothing left over.</summary>
[NeedsQuiet]
public class ChaosDemoTests
{
    [Fact(Timeout = 300_000)]
    public async Task One_item_service_is_killed_and_the_report_tells_how_the_shop_took_it()
    {
        Assert.SkipUnless(RuntimeInformation.IsOSPlatform(OSPlatform.Linux) && Environment.UserName == "root", "It starts a container engine, which takes root.");
        var before = Left();
        using var program = new PressureProgram();
        program.Start("demo", "--chaos", "--out", program.RunFolder);
        var ended = await program.EndAsync();

        Assert.True(ended.ExitCode == 0, ended.Output + ended.Error);
        var chaos = program.Summary().GetProperty("chaos");
        var fault = Assert.Single(chaos.GetProperty("faults").EnumerateArray());
        Assert.Equal("container-kill", fault.GetProperty("fault").GetString());
        Assert.Matches("^shop-[0-9]+-item-[12]$", fault.GetProperty("on").GetString());
        Assert.Equal(("completed", false), chaos.GetProperty("experiments")[0] is var e ? (e.GetProperty("status").GetString(), e.GetProperty("deviated").GetBoolean()) : default);
        var recovery = Assert.Single(chaos.GetProperty("recovery").EnumerateArray());
        // Half of what needs an item failed as long as one of the two was gone; then all was well again.
        Assert.True(recovery.GetProperty("lost").GetInt64() > 50);
        Assert.True(recovery.GetProperty("recoveredInTime").GetBoolean());
        Assert.True(recovery.GetProperty("toRecover").GetDouble() > 1);
        Assert.InRange(chaos.GetProperty("score").GetProperty("value").GetInt32(), 50, 99);
        Assert.Empty(chaos.GetProperty("left").EnumerateArray());
        var events = program.Summary().GetProperty("events").EnumerateArray().Select(e => (e.GetProperty("kind").GetString(), e.GetProperty("detail").GetString()!)).ToList();
        foreach (var action in (string[])["kill", "die", "start"])
            Assert.Contains(events, e => e.Item1 == "containerChanged" && e.Item2.Contains(action, StringComparison.Ordinal));

        var text = await TextOf(Path.Combine(program.RunFolder, "report.pdf"));
        foreach (var expected in new[] { "Resilience score", "Recovered after", "killed", "Passed", "status 502" })
            Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.Equal(before, Left());
    }

    [Fact(Timeout = 120_000)]
    public async Task A_demo_that_is_killed_leaves_nothing_either()
    {
        Assert.SkipUnless(RuntimeInformation.IsOSPlatform(OSPlatform.Linux) && Environment.UserName == "root", "It starts a container engine, which takes root.");
        var before = Left();
        using var program = new PressureProgram();
        program.Start("demo", "--chaos", "--quiet", "--out", program.RunFolder);
        while (!Shops().Any())
            await Task.Delay(100, TestContext.Current.CancellationToken);
        program.Signal("KILL");
        await program.EndAsync();
        while (!before.SequenceEqual(Left()) || Shops().Any())
            await Task.Delay(100, TestContext.Current.CancellationToken);

        static IEnumerable<string> Shops() => Process.GetProcessesByName("dotnet").Select(p => ProcFile.Read(p.Id, "cmdline") ?? "").Where(a => a.Contains(Path.Combine(AppContext.BaseDirectory, "shop.dll"), StringComparison.Ordinal) && a.Contains("--role", StringComparison.Ordinal));
    }

    /// <summary>Engines, folders, mounts, links and firewall rules that a demo could leave behind.</summary>
    private static IReadOnlyList<string> Left() =>
    [
        .. Directory.EnumerateFileSystemEntries(Path.GetTempPath(), "pressure-demo-*"),
        .. Process.GetProcessesByName("dockerd").Select(p => ProcFile.Read(p.Id, "cmdline") ?? "").Where(a => a.Contains("pressure-demo-", StringComparison.Ordinal)),
        .. File.ReadLines("/proc/self/mounts").Where(m => m.Contains("pressure-demo-", StringComparison.Ordinal)),
        .. Directory.EnumerateFileSystemEntries("/sys/class/net").Where(l => l.EndsWith("docker0", StringComparison.Ordinal)),
    ];

    private static async Task<string> TextOf(string pdf)
    {
        using var pdftotext = Process.Start(new ProcessStartInfo("pdftotext", ["-layout", pdf, "-"]) { RedirectStandardOutput = true })!;
        var text = await pdftotext.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await pdftotext.WaitForExitAsync(TestContext.Current.CancellationToken);
        return text;
    }
}
