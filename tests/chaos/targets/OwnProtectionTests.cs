using System.Net;
using System.Net.Sockets;

namespace Pressure.Chaos.Tests.Targets;

public sealed class OwnProtectionTests
{
    [Fact]
    public void This_process_and_all_that_it_descends_from_are_protected()
    {
        var protection = OwnProtection.Of();
        Assert.Contains(Environment.ProcessId, protection.Pids);
        Assert.Contains(1, protection.Pids);
        var me = new Candidate("local", new FaultTarget.Process(Environment.ProcessId, 1, "dotnet")) { Name = "dotnet", Pid = Environment.ProcessId };
        var nothing = Assert.IsType<Selection.Nothing>(Selecting.Choose(new() { Kind = TargetKind.Process, Names = ["dotnet"] }, [me], protection, new Random(1)));
        Assert.Contains("dotnet belongs to what strikes, or carries it", nothing.Why);
    }

    [Theory]
    [InlineData("dockerd")]
    [InlineData("containerd-shim-runc-v2")]
    [InlineData("sshd")]
    [InlineData("pressure-agent")]
    public void What_carries_the_machine_is_protected_by_its_command(string command) =>
        Assert.IsType<Selection.Nothing>(Selecting.Choose(
            new() { Kind = TargetKind.Process, Names = [command] }, [new Candidate("local", new FaultTarget.Process(99999, 1, command)) { Name = command }], OwnProtection.Of(), new Random(1)));

    [Fact]
    public void Whatever_listens_on_a_port_that_is_needed_is_protected()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Assert.Equal([Environment.ProcessId], ListeningProcesses.Of([((IPEndPoint)listener.LocalEndpoint).Port], "/proc"));
    }

    [Fact]
    public void The_containers_that_protected_processes_run_in_are_protected_by_what_the_kernel_says_of_them()
    {
        using var proc = new TempFolder();
        var (byGroup, byMount) = (new string('a', 64), new string('b', 64));
        Process(proc, 50, 40, $"12:memory:/docker/{byGroup}\n", "");
        Process(proc, 40, 1, "0::/\n", $"600 580 254:1 /var/lib/docker/containers/{byMount}/hostname /etc/hostname rw\n");
        Process(proc, 1, 0, "0::/init.scope\n", "");
        var protection = OwnProtection.Of(50, [], proc.Path);
        Assert.Equal([1, 40, 50], protection.Pids);
        Assert.Equal([byGroup, byMount], protection.Containers.Order(StringComparer.Ordinal));
    }

    private static void Process(TempFolder proc, int pid, int parent, string groups, string mounts)
    {
        Directory.CreateDirectory(proc.File($"{pid}"));
        File.WriteAllText(proc.File($"{pid}/status"), $"Name:\tx\nPPid:\t{parent}\n");
        File.WriteAllText(proc.File($"{pid}/cgroup"), groups);
        File.WriteAllText(proc.File($"{pid}/mountinfo"), mounts);
    }
}
