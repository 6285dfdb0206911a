using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Pressure.Chaos;
using Pressure.Faults;
using Pressure.TestKit;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>The commands that work without a service, beside a controller that holds a real fault: a frozen process.</summary>
public sealed class ChaosRevertTests : IAsyncLifetime
{
    private readonly TempFolder _state = new();
    private readonly Process _target = Process.Start("sleep", "600");
    private ExecutorProcess _executor = null!;

    static ChaosRevertTests() => Environment.SetEnvironmentVariable("PRESSURE_PROGRAM", Path.Combine(AppContext.BaseDirectory, "pressure.dll"));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private char State => HostProcesses.Of(_target.Id)!.State;

    public async ValueTask InitializeAsync() => _executor = await ExecutorProcess.StartAsync(_state.Path, FaultTools.UsualSocket, TimeSpan.FromSeconds(10), Stop);

    public async ValueTask DisposeAsync()
    {
        await _executor.DisposeAsync();
        _target.Kill();
        _target.Dispose();
        // The watchdog has nothing to do any more; it would wait for more work, and its folder goes.
        if (File.Exists(_state.File("watchdog.lock")))
            Process.GetProcessById(int.Parse(File.ReadAllText(_state.File("watchdog.lock")), CultureInfo.InvariantCulture)).Kill();
        _state.Dispose();
    }

    [Fact]
    public async Task Status_tells_what_is_in_force_and_revert_undoes_it_though_another_process_holds_it()
    {
        var handle = await FreezeAsync();

        var status = JsonDocument.Parse((await ChaosAsync(0, "status", "--json")).Output).RootElement.GetProperty("faults")[0];
        await ChaosAsync(0, "revert", "--handle", handle);

        Assert.Equal((handle, "process-freeze", true), (status.GetProperty("handle").GetString(), status.GetProperty("kind").GetString(), status.GetProperty("owned").GetBoolean()));
        Assert.Equal('S', State);
        Assert.Equal("revert", (await _executor.EndOf(handle)).By);
    }

    [Fact]
    public async Task The_global_stop_undoes_and_refuses_until_it_is_lifted()
    {
        var handle = await FreezeAsync();

        var halted = await ChaosAsync(0, "halt-all", "--why", "fire drill");
        var refused = Assert.IsType<FaultStart.Refused>(await _executor.StartAsync(Freeze, Stop));
        await ChaosAsync(0, "resume");

        Assert.Contains("fire drill", halted.Output, StringComparison.Ordinal);
        Assert.Contains("fire drill", refused.Why, StringComparison.Ordinal);
        Assert.Equal("halt-all", (await _executor.EndOf(handle)).By);
        await FreezeAsync();
    }

    [Fact]
    public async Task Who_halted_undid_stopped_and_resumed_stands_in_the_audit_log()
    {
        await FreezeAsync();
        await ChaosAsync(0, "stop", "e1");
        await FreezeAsync();
        await ChaosAsync(0, "revert");
        await ChaosAsync(0, "halt-all", "--why", "fire drill");
        await ChaosAsync(0, "resume");
        await ChaosAsync(0, "resume");

        using var program = new PressureProgram();
        Assert.Equal(0, (await program.Start("audit", "verify", "--folder", _state.Path).EndAsync()).ExitCode);
        var lines = AuditReader.Last(_state.Path, 10).Reverse().Select(l => l.Entry).ToList();
        Assert.Equal(["stop asked", "revert ended", "halt halted", "resume lifted"], lines.Select(l => $"{l.What} {l.Outcome}"));
        Assert.Equal(("e1", "fire drill"), (lines[0].On, lines[^2].Detail));
        Assert.All(lines, l => Assert.Equal($"{Environment.UserName}@{Environment.MachineName}", l.Who));
    }

    [Fact]
    public async Task The_global_stop_works_when_the_audit_log_can_not_be_written_and_says_so()
    {
        var handle = await FreezeAsync();
        Directory.CreateDirectory(_state.File("audit.jsonl"));

        var halted = await ChaosAsync(0, "halt-all");

        Assert.Equal("halt-all", (await _executor.EndOf(handle)).By);
        Assert.Contains("This is not in the audit log: ", halted.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_experiment_whose_controller_does_not_listen_is_stopped_all_the_same()
    {
        var handle = await FreezeAsync();

        await ChaosAsync(2, "stop", "another");
        await ChaosAsync(0, "stop", "e1");

        Assert.Equal('S', State);
        Assert.Equal("controller", (await _executor.EndOf(handle)).By);
    }

    [Fact]
    public async Task What_can_not_be_undone_or_read_ends_with_4_and_says_what_to_do()
    {
        Directory.CreateDirectory(_state.File("faults"));
        File.WriteAllText(_state.File("faults/0123456789ab.json"), "{\"handle\":\"0123");

        var status = await ChaosAsync(4, "status");
        var reverted = await ChaosAsync(4, "revert");

        Assert.All([status, reverted], e => Assert.Contains("0123456789ab.json can't be read as a fault", e.Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Looking_is_enough_to_have_undone_what_was_left_when_everybody_was_killed()
    {
        await FreezeAsync();
        foreach (var pid in new[] { int.Parse(File.ReadAllText(_state.File("watchdog.lock")), CultureInfo.InvariantCulture), _executor.Pid })
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
        }

        await ChaosAsync(0, "status");

        while (State == 'T')
            await Task.Delay(50, Stop);
    }

    [Theory]
    [InlineData("revert", "--handle", "../../etc/passwd")]
    [InlineData("revert", "--handle", "0123456789ab")]
    [InlineData("stop", "../halt")]
    public async Task What_is_not_known_is_refused(params string[] arguments) => await ChaosAsync(2, arguments);

    private FaultOrder Freeze => new("process-freeze", new FaultTarget.Process(_target.Id, HostProcesses.Of(_target.Id)!.Start, "sleep"), TimeSpan.FromMinutes(5)) { Experiment = "e1", By = "test" };

    private async Task<string> FreezeAsync()
    {
        var start = Assert.IsType<FaultStart.InForce>(await _executor.StartAsync(Freeze, Stop));
        Assert.Equal('T', State);
        return start.Handle;
    }

    private async Task<Ended> ChaosAsync(int code, params string[] arguments)
    {
        using var program = new PressureProgram { Environment = { ["PRESSURE_CHAOS_DIR"] = _state.Path } };
        var ended = await program.Start(["chaos", .. arguments]).EndAsync();
        Assert.True(ended.ExitCode == code, $"{ended.ExitCode}: {ended.Output} {ended.Error}");
        return ended;
    }
}
