namespace Pressure.Chaos.Tests.Targets.Inventory;

public sealed class LocalInventoryTests
{
    private static readonly TargetSelector Processes = new() { Kind = TargetKind.Process };
    private static readonly TargetSelector Hosts = new() { Kind = TargetKind.Host };

    [Fact]
    public async Task Processes_are_told_with_name_id_start_and_command()
    {
        var process = new HostProcess(7, 99, 1, 'S', "dotnet") { Arguments = ["dotnet", "/srv/orders.dll"] };
        var candidate = Assert.Single(await new ProcessInventory(() => [process]).ListAsync(Processes, TestContext.Current.CancellationToken));
        Assert.Equal(new FaultTarget.Process(7, 99, "orders"), candidate.Target);
        Assert.Equal(("local", "orders", 7, "dotnet /srv/orders.dll"), (candidate.Host, candidate.Name, candidate.Pid, candidate.Labels["command"]));
    }

    [Fact]
    public async Task This_test_finds_itself() =>
        Assert.Contains(await new ProcessInventory().ListAsync(Processes, TestContext.Current.CancellationToken), c => c.Pid == Environment.ProcessId);

    [Fact]
    public async Task The_host_is_told_once_and_nothing_of_another_kind()
    {
        var host = Assert.Single(await new HostInventory("web1").ListAsync(Hosts, TestContext.Current.CancellationToken));
        Assert.Equal(new FaultTarget.Host("web1"), host.Target);
        Assert.Empty(await new HostInventory("web1").ListAsync(Processes, TestContext.Current.CancellationToken));
        Assert.Empty(await new ProcessInventory().ListAsync(Hosts, TestContext.Current.CancellationToken));
    }
}
