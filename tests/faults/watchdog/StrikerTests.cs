using System.Diagnostics;

namespace Pressure.Faults.Tests.Watchdog;

/// <summary>Real processes, killed: a short run of what <c>bench/chaos-revert.sh</c> does a thousand times.</summary>
public class StrikerTests
{
    [Fact]
    public Task Nothing_is_left_of_controllers_and_executors_that_are_killed_or_frozen_at_random_moments() => ReachedAsync("kills", "40", "1000", "7");

    [Fact]
    public Task The_watchdog_reverts_what_two_dead_ones_left_and_the_next_start_what_three_did() => ReachedAsync("all-killed", "1", "1000");

    [Fact]
    public Task What_the_kernel_ends_is_over_at_its_deadline_though_everybody_is_dead() => ReachedAsync("kernel", "1", "1000");

    [Fact]
    public Task Containers_come_back_whoever_is_killed() => ReachedAsync("kills-containers", "12", "1000", "7");

    [Fact]
    public Task Every_way_to_stop_reverts_fifty_targets() => ReachedAsync("stop", "process-freeze", "50", "1");

    private static async Task ReachedAsync(params string[] arguments)
    {
        // Built beside this project, in the same configuration.
        var program = Path.Combine(AppContext.BaseDirectory.Replace("/tests/faults/", "/tests/striker/", StringComparison.Ordinal), "Pressure.Striker.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true };
        start.Environment.Remove("PRESSURE_PROGRAM");
        start.Environment["STRIKER_SLACK"] = "10";
        using var process = Process.Start(start)!;
        var told = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, told);
    }
}
