using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>Experiments from the command line, against a process that is frozen for real.</summary>
public sealed class ChaosTests : IDisposable
{
    private const string Freeze = """
        title: Freeze a sleeper
        description: It stands still for a while.
        configuration: { who: { type: env, key: WHO } }
        steady-state-hypothesis:
          title: It is there
          probes:
            - { type: probe, name: there, tolerance: 1, provider: { type: pressure, probe: process, arguments: { pid: "${who}" } } }
        method:
          - { type: action, name: freeze, provider: { type: pressure, fault: process-freeze, target: { process: "${who}" }, duration: 2s } }
        """;

    private readonly Process _sleeper = Process.Start("sleep", ["1000"]);
    private readonly PressureProgram _program;

    public ChaosTests()
    {
        _program = new() { Environment = new() { ["WHO"] = $"{_sleeper.Id}" } };
        _program.Environment["PRESSURE_CHAOS_DIR"] = Path.Combine(_program.Folder, "state");
    }

    public void Dispose()
    {
        _sleeper.Kill();
        _sleeper.Dispose();
        _program.Dispose();
    }

    private Task<Ended> Chaos(params string[] arguments) => _program.Start(["chaos", .. arguments]).EndAsync();

    private string Written(string text, string name = "x.yaml")
    {
        File.WriteAllText(Path.Combine(_program.Folder, name), text);
        return name;
    }

    private char State => File.ReadAllText($"/proc/{_sleeper.Id}/stat").Split(") ")[1][0];

    [Fact]
    public async Task An_experiment_strikes_undoes_and_leaves_a_journal()
    {
        // Long enough to be looked at on a busy machine.
        _program.Launch("chaos", "run", Written(Freeze.Replace("duration: 2s", "duration: 15s")), "--no-report", "--out", "drill");
        await LineAsync("Fault on: process-freeze");
        Assert.Equal('T', State);
        await LineAsync("Fault off: process-freeze");
        Assert.NotEqual('T', State);
        await LineAsync("Experiment completed");
        await _program.LineAsync("Record and journal: drill");

        var journal = JsonNode.Parse(File.ReadAllText(Assert.Single(Directory.GetFiles(Path.Combine(_program.Folder, "drill", "chaos"), "*.journal.json"))))!;
        Assert.Equal(("completed", false, "succeeded"), ((string?)journal["status"], (bool)journal["deviated"]!, (string?)journal["run"]![0]!["status"]));
    }

    [Fact]
    [NeedsQuiet]
    public async Task An_experiment_that_names_a_load_runs_beside_it_and_is_judged_with_it()
    {
        await using var target = RawTarget.Answering();
        Written(Plans.Of(target.Url, "{ rate: 20/s, duration: 8s }"), "load.yaml");
        var ended = await Chaos("run", Written(Freeze + "\nextensions: [ { name: pressure, load: load.yaml } ]"), "--no-report", "--out", "both", "--json");

        Assert.Equal(0, ended.ExitCode);
        var summary = JsonNode.Parse(File.ReadAllText(Path.Combine(_program.Folder, "both", "summary.json")))!;
        Assert.True((long)summary["requests"]!["sent"]! > 0);
        Assert.Equal("process-freeze", (string?)summary["chaos"]!["faults"]![0]!["fault"]);
        Assert.Equal("completed", (string?)summary["chaos"]!["experiments"]![0]!["status"]);
    }

    [Fact]
    public async Task Interrupting_undoes_and_ends_with_130()
    {
        _program.Start("chaos", "fault", "process-freeze", "--target", $"process={_sleeper.Id}", "--duration", "10m");
        while (State != 'T')
            await Task.Delay(20, TestContext.Current.CancellationToken);

        _program.Signal("INT");
        var ended = await _program.EndAsync();

        Assert.Equal(130, ended.ExitCode);
        Assert.NotEqual('T', State);
    }

    [Fact]
    public async Task A_preview_says_what_would_be_struck_and_strikes_nothing()
    {
        var ended = await Chaos("plan", Written(Freeze), "--seed", "1");

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains($"strikes: sleep ({_sleeper.Id})", ended.Output);
        Assert.NotEqual('T', State);
    }

    [Fact]
    public async Task What_was_exported_is_a_call_of_this_program_and_runs_as_well()
    {
        Written((await Chaos("export", Written(Freeze))).Output, "exported.json");

        var ended = await Chaos("run", "exported.json", "--no-report", "--json");

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("\"path\": \"pressure\"", File.ReadAllText(Path.Combine(_program.Folder, "exported.json")));
        Assert.Equal("completed", (string?)JsonNode.Parse(ended.Output)!["status"]);
    }

    [Fact]
    public async Task A_probe_looks_once_and_its_exit_code_judges()
    {
        Assert.Equal((0, "1"), Of(await Chaos("probe", "process", "-a", $"pid={_sleeper.Id}", "--tolerance", "1")));
        Assert.Equal((99, "1"), Of(await Chaos("probe", "process", "-a", $"pid={_sleeper.Id}", "--tolerance", "[2, 5]")));

        static (int, string) Of(Ended ended) => (ended.ExitCode, ended.Output.Trim());
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once_and_nothing_is_struck()
    {
        var ended = await Chaos("run", Written(Freeze.Replace("process-freeze", "proces-freeze").Replace("2s", "2").Replace("WHO", "NOBODY_SET_THIS")));

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("x.yaml:3:", ended.Error);
        Assert.Contains("the environment has no variable NOBODY_SET_THIS", ended.Error);
        Assert.Contains("there is no fault 'proces-freeze'. Did you mean 'process-freeze'?", ended.Error);
        Assert.Contains("Write it with its unit: 2s.", ended.Error);
        Assert.False(Directory.Exists(Path.Combine(_program.Folder, "runs")));
    }

    [Fact]
    public async Task A_missing_container_engine_is_told_and_is_no_pass()
    {
        _program.Environment["DOCKER_HOST"] = "unix:///nowhere/docker.sock";

        var ended = await Chaos("fault", "container-kill", "-t", "container=shop", "-d", "1s");

        Assert.Equal(99, ended.ExitCode);
        Assert.Contains("No container engine answers on /nowhere/docker.sock", ended.Output);
    }

    [Fact]
    public async Task A_global_stop_refuses_with_3()
    {
        var state = Directory.CreateDirectory(_program.Environment["PRESSURE_CHAOS_DIR"]);
        File.WriteAllText(Path.Combine(state.FullName, "halt"), """{ "By": "ops", "At": "2026-01-01T00:00:00+00:00", "Why": "maintenance" }""");

        var ended = await Chaos("fault", "process-freeze", "-t", $"process={_sleeper.Id}", "-d", "1s");

        Assert.Equal(3, ended.ExitCode);
        Assert.NotEqual('T', State);
    }

    // Lines begin with a time.
    private async Task LineAsync(string part)
    {
        for (var i = 0; i < 60; i++)
        {
            if ((await _program.LineAsync("")).Contains(part, StringComparison.Ordinal))
                return;
        }
        Assert.Fail($"No line says {part}.");
    }
}
