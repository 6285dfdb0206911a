namespace Pressure.Faults.Tests.Resource;

public sealed class MemoryPressureTests : IDisposable
{
    private static readonly FaultTarget.Host Host = new("here");

    private readonly Trial _trial = new();

    public void Dispose() => _trial.Dispose();

    [Fact]
    public async Task Memory_is_really_filled_by_a_process_that_is_the_first_to_go()
    {
        var intent = await _trial.ApplyAsync("host-memory-pressure", Host, ("bytes", "200MiB"));
        var burner = Assert.Single(Burner.Of(intent.Handle));
        var resident = File.ReadLines($"/proc/{burner.Pid}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2];
        Assert.InRange(long.Parse(resident) / 1024, 200, 400);
        Assert.Equal("1000\n", File.ReadAllText($"/proc/{burner.Pid}/oom_score_adj"));

        Assert.IsType<UndoOutcome.Undone>(await _trial.UndoAsync(intent));
        Assert.Null(await _trial.ResidueAsync(intent));
    }

    [Theory]
    [InlineData("100%", "", "", "would end the burner itself")]
    [InlineData("", "1MiB", "900GB", "break the reserve")]
    [InlineData("0%", "", "", "nothing to fill")]
    [InlineData("", "", "", "either percent or bytes")]
    [InlineData("5%", "1MiB", "", "either percent or bytes")]
    public async Task What_would_fill_nothing_or_too_much_is_refused(string percent, string bytes, string reserve, string why)
    {
        (string, string)[] arguments = [("percent", percent), ("bytes", bytes), ("reserve", reserve)];
        Assert.Contains(why, Trial.Why(await _trial.TryPrepareAsync("host-memory-pressure", Host, [.. arguments.Where(a => a.Item2.Length > 0)])));
    }

    [Fact]
    public async Task Filling_stops_at_the_reserve_and_fails()
    {
        // Looked at with a small reserve, filled with one that is not there any more: somebody else took the memory in between.
        var prior = Trial.Ready(await _trial.TryPrepareAsync("host-memory-pressure", Host, ("bytes", "50MiB")));
        prior["burner"]!["reserve"] = MachineMemory.Total;
        var intent = _trial.Journal("host-memory-pressure", Host, prior, []);
        var e = await Assert.ThrowsAsync<FaultException>(() => _trial.ApplyAsync(intent));
        Assert.Contains("less than the reserve", e.Message);
        Assert.Null(await _trial.ResidueAsync(intent));
    }
}
