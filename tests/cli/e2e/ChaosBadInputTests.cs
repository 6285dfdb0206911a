using System.Diagnostics;
using Pressure.TestKit;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>What goes wrong around an experiment is told, with its exit code: never a silent pass.</summary>
public sealed class ChaosBadInputTests(ChaosBadInputTests.Engine shared) : IClassFixture<ChaosBadInputTests.Engine>, IDisposable
{
    private readonly PressureProgram _program = new();
    private readonly SmallDisk? _disk = SmallDisk.Possible ? new(600) : null;

    /// <summary>One engine for all of them.</summary>
    public sealed class Engine : IAsyncLifetime
    {
        public DockerEngine Docker { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Docker = await DockerEngine.StartAsync(keepsContainers: true);

        public ValueTask DisposeAsync() => Docker.DisposeAsync();

        public Task<DockerContainer> RunAsync(string name) =>
            Docker.RunAsync(new(name, "sleep", "1000") { Labels = new Dictionary<string, string> { ["pressure.chaos"] = "allow" } });
    }

    public void Dispose()
    {
        _program.Dispose();
        _disk?.Dispose();
    }

    [Fact]
    public async Task An_engine_that_is_restarted_while_a_fault_holds_is_told_and_the_fault_is_undone()
    {
        await shared.RunAsync("mid");
        At("state").Launch("chaos", "fault", "container-kill", "-t", "container=mid", "-d", "12s");
        await UntilAsync(_program, "Fault on: container-kill on mid");

        await shared.Docker.EndAsync();
        await UntilAsync(_program, "No container engine answers");
        await shared.Docker.BeginAsync();
        await UntilAsync(_program, "Fault off: container-kill on mid");

        Assert.Equal(0, (await _program.EndAsync()).ExitCode);
        Assert.True((await shared.Docker.AskAsync(HttpMethod.Get, "containers/mid/json")).GetProperty("State").GetProperty("Running").GetBoolean());
    }

    [Fact]
    public async Task A_container_that_went_between_preview_and_strike_fails_the_experiment()
    {
        var container = await shared.RunAsync("gone");
        File.WriteAllText(Path.Combine(_program.Folder, "x.yaml"), """
            title: t
            description: d
            method: [ { type: action, name: kill, provider: { type: pressure, fault: container-kill, target: { container: gone }, duration: 1s } } ]
            """);
        Assert.Contains("strikes: gone", (await At("state").Start("chaos", "plan", "x.yaml").EndAsync()).Output, StringComparison.Ordinal);

        await shared.Docker.AskAsync(HttpMethod.Delete, $"containers/{container.Id}?force=1");

        await SaysAsync(99, "gone is not there", "chaos", "run", "x.yaml", "--no-report");
    }

    [Fact]
    public async Task Whoever_asked_can_not_approve_unless_they_say_that_they_are_somebody_else()
    {
        await shared.RunAsync("risky");
        string[] strike = ["chaos", "fault", "container-pause", "-t", "container=risky", "-d", "1s", "--risky"];
        At("state");
        var request = (await SaysAsync(3, "no second person has approved it", strike)).Split("pressure chaos approve ")[1][..8];

        await SaysAsync(3, "", "chaos", "approve", request);
        await SaysAsync(3, "no second person has approved it", strike);
        await SaysAsync(0, "approved", "chaos", "approve", request, "--by", "anna");
        await SaysAsync(0, "completed", strike);
    }

    [Fact]
    public async Task A_state_folder_that_can_not_be_used_is_no_empty_one()
    {
        File.WriteAllText(Path.Combine(_program.Folder, "state"), "");
        At("state");

        await SaysAsync(2, "can't be made", "chaos", "fault", "container-pause", "-t", "container=any", "-d", "1s");
        await SaysAsync(4, "can't be told", "chaos", "status");
        await SaysAsync(4, "can't be told", "chaos", "revert");
    }

    [Fact]
    public async Task On_a_full_disk_nothing_begins_and_what_holds_can_be_ended()
    {
        Assert.SkipUnless(_disk is not null, "Mounting needs root.");
        using var sleeper = Process.Start("sleep", ["60"]);
        using var other = new PressureProgram { Environment = { ["PRESSURE_CHAOS_DIR"] = _disk.Path } };
        string[] freeze = ["chaos", "fault", "process-freeze", "-t", $"process={sleeper.Id}", "-d", "10m"];
        _program.Environment["PRESSURE_CHAOS_DIR"] = _disk.Path;
        other.Launch(freeze);
        await UntilAsync(other, "Fault on");
        _disk.Fill();

        // The executor may have heard of it, and be done, before the command looks.
        await SaysAsync(0, "Everything is halted", "chaos", "halt-all");
        Assert.DoesNotContain("T (stopped)", File.ReadAllText($"/proc/{sleeper.Id}/status"), StringComparison.Ordinal);
        var refused = await _program.Start(freeze).EndAsync();

        Assert.True(refused.ExitCode is 2 or 3 or 99, refused.Output);
        Assert.DoesNotContain("   at ", refused.Error, StringComparison.Ordinal);
        sleeper.Kill();
    }

    [Theory]
    [InlineData("'nono' does not say what kind of thing is struck", "fault", "container-pause", "-t", "nono", "-d", "1s")]
    [InlineData("See: pressure chaos fault --help", "fault", "container-pause")]
    [InlineData("'99999' for 'port' of tcp is not from 1 to 65535", "probe", "tcp", "-a", "host=localhost", "-a", "port=99999")]
    [InlineData("network-loss strikes a container or a process or a host, not a pod", "fault", "network-loss", "-t", "pod=a", "-d", "1s", "-a", "percent=10%")]
    public async Task A_command_line_that_says_nothing_usable_ends_with_2(string told, params string[] arguments)
    {
        At("state");
        await SaysAsync(2, told, ["chaos", .. arguments]);
    }

    private PressureProgram At(string state)
    {
        _program.Environment["DOCKER_HOST"] = $"unix://{shared.Docker.Socket}";
        _program.Environment["PRESSURE_CHAOS_DIR"] = Path.Combine(_program.Folder, state);
        return _program;
    }

    // Lines begin with a time.
    private static async Task UntilAsync(PressureProgram program, string told)
    {
        while (!(await program.LineAsync("")).Contains(told, StringComparison.Ordinal))
        {
        }
    }

    private async Task<string> SaysAsync(int code, string told, params string[] arguments)
    {
        var ended = await _program.Start(arguments).EndAsync();
        var all = ended.Output + ended.Error;
        Assert.True(ended.ExitCode == code && all.Contains(told, StringComparison.Ordinal), $"{string.Join(' ', arguments)} ended with {ended.ExitCode}: {all}");
        return all;
    }
}
