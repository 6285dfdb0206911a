using System.Text.Json.Nodes;
using Pressure.TestKit;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>An experiment from the command line against containers of a real engine.</summary>
public sealed class ChaosContainerTests
{
    private const string Kill = """
        title: Kill an item service
        description: One of three.
        steady-state-hypothesis:
          title: It runs
          probes:
            - { type: probe, name: first runs, tolerance: running, provider: { type: pressure, probe: container-health, arguments: { container: item-1 } } }
        method:
          - type: action
            name: kill
            provider: { type: pressure, fault: container-kill, target: { container: { labels: { app: item }, mode: all } }, duration: 15s }
        extensions: [ { name: pressure, probeEvery: 500ms, stopOnDeviation: false, settle: 20s } ]
        """;

    [Fact]
    public async Task Containers_are_killed_run_again_and_those_that_did_not_opt_in_are_spared()
    {
        await using var engine = await DockerEngine.StartAsync();
        using var program = new PressureProgram { Environment = new() { ["DOCKER_HOST"] = $"unix://{engine.Socket}" } };
        program.Environment["PRESSURE_CHAOS_DIR"] = Path.Combine(program.Folder, "state");
        File.WriteAllText(Path.Combine(program.Folder, "kill.yaml"), Kill);
        var labels = new Dictionary<string, string> { ["app"] = "item", ["pressure.chaos"] = "allow" };
        await engine.RunAsync(new("item-1", "sleep", "1000") { Labels = labels });
        await engine.RunAsync(new("item-2", "sleep", "1000") { Labels = labels });
        await engine.RunAsync(new("item-3", "sleep", "1000") { Labels = new Dictionary<string, string> { ["app"] = "item" } });

        var plan = await program.Start("chaos", "plan", "kill.yaml").EndAsync();
        Assert.Contains("strikes: item-1, item-2", plan.Output);
        Assert.Contains("spared: item-3, which does not bear the label pressure.chaos=allow", plan.Output);

        var run = await program.Start("chaos", "run", "kill.yaml", "--no-report", "--out", "drill").EndAsync();

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        foreach (var told in new[] { "Fault on: container-kill on item-1", "Container item-1: die", "Probe fails: first runs", "Fault off: container-kill on item-2", "Container item-2: start", "Probe holds: first runs" })
            Assert.Contains(told, run.Output);
        Assert.DoesNotContain("Container item-3", run.Output);
        foreach (var name in new[] { "item-1", "item-2", "item-3" })
            Assert.True((await engine.AskAsync(HttpMethod.Get, $"containers/{name}/json")).GetProperty("State").GetProperty("Running").GetBoolean());
        var journal = JsonNode.Parse(File.ReadAllText(Assert.Single(Directory.GetFiles(Path.Combine(program.Folder, "drill", "chaos")))))!;
        Assert.Equal(2, ((JsonArray)journal["run"]![0]!["output"]!).Count);
    }
}
