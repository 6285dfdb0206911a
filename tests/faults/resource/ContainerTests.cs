namespace Pressure.Faults.Tests.Resource;

/// <summary>Faults of resources in real containers.</summary>
public sealed class ContainerTests(EngineFixture fixture) : IClassFixture<EngineFixture>, IDisposable
{
    private const long Limit = 256 << 20;

    private readonly Trial _trial = new(fixture.Engine.Socket);

    public static TheoryData<string, (string, string)[]> Faults => new()
    {
        { "cpu-quota", [("percent", "10%")] },
        { "cpu-burn", [("percent", "10%"), ("cores", "1")] },
        { "memory-limit", [("bytes", "128MiB")] },
        { "memory-pressure", [("bytes", "32MiB")] },
        { "io-throttle", [("read", "1MiB"), ("write", "1MiB")] },
        { "disk-fill", [("path", "/tmp"), ("bytes", "16MiB")] },
    };

    public void Dispose() => _trial.Dispose();

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Settings_of_control_groups_and_what_the_engine_tells_are_byte_for_byte_as_before_when_undone(string kind, (string, string)[] arguments)
    {
        await using var container = await fixture.SleeperAsync(o => o with { MemoryBytes = Limit });
        var before = await LookAsync(container);

        var intent = await _trial.ApplyAsync(kind, await fixture.TargetAsync(container), arguments);
        Assert.NotNull(await _trial.ResidueAsync(intent));
        Assert.IsType<UndoOutcome.Undone>(await _trial.UndoAsync(intent));
        Assert.Null(await _trial.ResidueAsync(intent));
        Assert.IsType<UndoOutcome.NothingToUndo>(await _trial.UndoAsync(intent));
        Assert.Equal(before, await LookAsync(container));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_container_that_is_restarted_under_fault_has_nothing_of_it_in_its_new_instance(string kind, (string, string)[] arguments)
    {
        await using var container = await fixture.SleeperAsync(o => o with { MemoryBytes = Limit });
        var before = await SettingsAsync(container);
        var intent = await _trial.ApplyAsync(kind, await fixture.TargetAsync(container), arguments);

        await fixture.Api.AskAsync(HttpMethod.Post, $"containers/{container.Id}/restart?t=0", null, TestContext.Current.CancellationToken);
        if (kind != "disk-fill")
            Assert.Null(await _trial.ResidueAsync(intent));
        Assert.IsNotType<UndoOutcome.Incomplete>(await _trial.UndoAsync(intent));
        Assert.Null(await _trial.ResidueAsync(intent));
        Assert.Equal(before, await SettingsAsync(container));
        var pid = await container.PidAsync();
        Assert.Equal([$"{pid}"], File.ReadAllLines($"{ControlGroup.Of(pid, "cpu")!.Path}/cgroup.procs"));
        Assert.Empty(Directory.EnumerateFiles($"/proc/{pid}/root/tmp"));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_container_that_is_removed_under_fault_leaves_nothing(string kind, (string, string)[] arguments)
    {
        var container = await fixture.SleeperAsync(o => o with { MemoryBytes = Limit });
        var intent = await _trial.ApplyAsync(kind, await fixture.TargetAsync(container), arguments);
        await container.DisposeAsync();
        Assert.IsType<UndoOutcome.NothingToUndo>(await _trial.UndoAsync(intent));
        Assert.Null(await _trial.ResidueAsync(intent));
    }

    [Fact]
    public async Task A_file_that_fills_a_stopped_container_is_deleted_where_it_lies_on_the_host()
    {
        await using var container = await fixture.SleeperAsync();
        var intent = await _trial.ApplyAsync("disk-fill", await fixture.TargetAsync(container), ("path", "/tmp"), ("bytes", "16MiB"));
        await container.SignalAsync("KILL");
        await ProcessFreezeTests.UntilAsync(() => container.PidAsync().GetAwaiter().GetResult() == 0);
        Assert.Contains("still lies", await _trial.ResidueAsync(intent));
        Assert.IsType<UndoOutcome.Undone>(await _trial.UndoAsync(intent));
        Assert.Null(await _trial.ResidueAsync(intent));
    }

    [Fact]
    public async Task A_file_in_a_volume_outlives_its_container_and_is_deleted_all_the_same()
    {
        using var volume = new TempFolder();
        var container = await fixture.SleeperAsync(o => o with { Folders = [$"{volume.Path}:/tmp/data:rw"] });
        var intent = await _trial.ApplyAsync("disk-fill", await fixture.TargetAsync(container), ("path", "/tmp/data"), ("bytes", "16MiB"));
        Assert.Single(Directory.EnumerateFiles(volume.Path));
        await container.DisposeAsync();
        Assert.IsType<UndoOutcome.Undone>(await _trial.UndoAsync(intent));
        Assert.Empty(Directory.EnumerateFiles(volume.Path));
    }

    [Fact]
    public async Task A_quota_really_holds_a_container_back()
    {
        await using var container = await fixture.Engine.RunAsync(new ContainerOrder($"t{Guid.NewGuid():N}"[..10], "busybox", "sh", "-c", "while :; do :; done"));
        var group = ControlGroup.Of(await container.PidAsync(), "cpu")!;
        var intent = await _trial.ApplyAsync("cpu-quota", await fixture.TargetAsync(container), ("percent", "5%"));
        var before = group.Figure("cpu.stat", "nr_throttled");
        await ProcessFreezeTests.UntilAsync(() => group.Figure("cpu.stat", "nr_throttled") > before + 5);
        Assert.IsType<UndoOutcome.Undone>(await _trial.UndoAsync(intent));
    }

    [Fact]
    public async Task Memory_is_filled_up_to_a_share_of_the_limit()
    {
        await using var container = await fixture.SleeperAsync(o => o with { MemoryBytes = Limit });
        var group = ControlGroup.Of(await container.PidAsync(), "memory")!;
        var intent = await _trial.ApplyAsync("memory-pressure", await fixture.TargetAsync(container), ("percent", "60%"));
        Assert.InRange(GroupMemory.Used(group), Limit * 55 / 100, Limit * 80 / 100);
        await _trial.UndoAsync(intent);
        await ProcessFreezeTests.UntilAsync(() => GroupMemory.Used(group) < Limit / 4);
    }

    [Fact]
    public async Task What_can_not_be_struck_is_refused_beforehand()
    {
        await using var container = await fixture.SleeperAsync();
        var target = await fixture.TargetAsync(container);
        Assert.Contains("has no memory limit", Trial.Why(await _trial.TryPrepareAsync("memory-limit", target, ("bytes", "128MiB"))));
        Assert.Contains("started anew", Trial.Why(await _trial.TryPrepareAsync("cpu-quota", target with { StartedAt = "2020-01-01T00:00:00Z" }, ("percent", "10%"))));
        Assert.Contains("is gone", Trial.Why(await _trial.TryPrepareAsync("cpu-quota", target with { Id = new string('0', 64) }, ("percent", "10%"))));
        using var elsewhere = new Trial();
        Assert.Contains("No container engine answers", Trial.Why(await elsewhere.TryPrepareAsync("cpu-quota", target, ("percent", "10%"))));
        await container.SignalAsync("KILL");
        await ProcessFreezeTests.UntilAsync(() => container.PidAsync().GetAwaiter().GetResult() == 0);
        Assert.Contains("does not run", Trial.Why(await _trial.TryPrepareAsync("cpu-quota", target, ("percent", "10%"))));
    }

    private async Task<string> LookAsync(DockerContainer container) =>
        $"{await SettingsAsync(container)}\n{EngineFixture.Without(await fixture.InspectAsync(container.Id))}";

    private static async Task<string> SettingsAsync(DockerContainer container)
    {
        var pid = await container.PidAsync();
        return string.Join('\n', ((string[])["cpu", "memory", "blkio"]).SelectMany(c => OwnGroup.Settings(ControlGroup.Of(pid, c)!.Path)).Select(s => $"{s.Key} {s.Value}").Order(StringComparer.Ordinal));
    }
}
