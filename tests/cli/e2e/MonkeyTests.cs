using System.Globalization;
using Pressure.Chaos;
using Pressure.TestKit;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>A monkey of the command line lets loose on containers of a real engine.</summary>
public sealed class MonkeyTests : IDisposable
{
    private readonly PressureProgram _program = new();

    public MonkeyTests() => _program.Environment["PRESSURE_CHAOS_DIR"] = StateFolder;

    private string StateFolder => Path.Combine(_program.Folder, "state");

    public void Dispose() => _program.Dispose();

    [Fact(Timeout = 180_000)]
    public async Task It_kills_one_that_comes_back_is_refused_another_and_is_alone_under_its_name()
    {
        await using var engine = await DockerEngine.StartAsync();
        _program.Environment["DOCKER_HOST"] = $"unix://{engine.Socket}";
        foreach (var name in new[] { "web", "api" })
            await engine.RunAsync(new(name, "sleep", "1000") { Labels = new Dictionary<string, string> { ["app"] = name, ["pressure.chaos"] = "allow" } });
        File.WriteAllText(Path.Combine(_program.Folder, "limits.yaml"), "gap: 1h");
        Assert.Equal(0, (await _program.Start("chaos", "guards", "set", "limits.yaml").EndAsync()).ExitCode);
        // A window so short that both are struck in it for sure, and so late that the program has started by then.
        var begin = TimeProvider.System.GetUtcNow().AddSeconds(15);
        File.WriteAllText(Path.Combine(_program.Folder, "monkey.yaml"), Plan(begin, begin.AddSeconds(5)));

        _program.Launch("chaos", "monkey", "monkey.yaml");
        await _program.LineAsync("Monkey jo: 2 groups");
        Assert.StartsWith("It may strike 2", await _program.LineAsync("It may strike"));
        using (var second = new PressureProgram { Environment = _program.Environment })
        {
            File.Copy(Path.Combine(_program.Folder, "monkey.yaml"), Path.Combine(second.Folder, "monkey.yaml"));
            var refused = await second.Start("chaos", "monkey", "monkey.yaml").EndAsync();
            Assert.Equal(2, refused.ExitCode);
            Assert.Contains("A monkey called jo runs on this machine already.", refused.Error);
        }
        var told = await UntilBothAreOverAsync();
        _program.Signal("INT");
        var ended = await _program.EndAsync();

        Assert.Equal((0, "It was stopped after 2 strikes."), (ended.ExitCode, ended.Output.Trim()));
        Assert.Single(told, l => l.Contains("Fault on: container-kill"));
        Assert.Single(told, l => l.Contains(": completed ("));
        Assert.Contains("refused by gap:", ended.Error);
        foreach (var name in new[] { "web", "api" })
            Assert.True((await engine.AskAsync(HttpMethod.Get, $"containers/{name}/json")).GetProperty("State").GetProperty("Running").GetBoolean());
        Assert.Equal(2, Directory.GetDirectories(Path.Combine(_program.Folder, "runs")).Length);
        CheckAudit();
    }

    private static string Plan(DateTimeOffset from, DateTimeOffset to) => string.Create(CultureInfo.InvariantCulture, $$"""
        name: jo
        hours: { zone: UTC, windows: [ { days: [ mon, tue, wed, thu, fri, sat, sun ], from: '{{from:HH:mm:ss}}', to: '{{to:HH:mm:ss}}' } ] }
        groups:
          - { name: web, mean: 1d, strike: { fault: container-kill, target: { container: { labels: { app: web } } }, duration: 2s } }
          - { name: api, mean: 1d, strike: { fault: container-kill, target: { container: { labels: { app: api } } }, duration: 2s } }
        """);

    private async Task<List<string>> UntilBothAreOverAsync()
    {
        List<string> told = [];
        while (told.Count(l => l.Contains(": completed (") || l.Contains(": aborted: ")) < 2)
            told.Add(await _program.LineAsync(""));
        return told;
    }

    /// <summary>What was struck stands there before and after: the monkey's word, the guards', the fault's, the experiment's.</summary>
    private void CheckAudit()
    {
        Assert.Null(AuditReader.Verify(StateFolder).Problem);
        var lines = AuditReader.Last(StateFolder, 100).Reverse().Select(l => l.Entry).ToList();
        var struck = lines.Single(l => l.Outcome == "in force").On.Split(' ')[^1];
        Assert.Equal(
            ["monkey begins", "experiment begins", "strike permitted", "strike in force", "strike ended", "experiment completed", "monkey completed"],
            lines.Where(l => l.On.Contains(struck)).Select(l => $"{l.What} {l.Outcome}"));
        Assert.All(lines.Where(l => l.What != "rules"), l => Assert.Equal("monkey jo", l.Who));
    }
}
