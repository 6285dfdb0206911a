namespace Pressure.Agent.Tests;

public sealed class ProcessTableTests : IDisposable
{
    private const string Docker = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";

    private readonly HostTree _host = new();
    private readonly ContainerTable _containers;
    private readonly ProcessTable _table;

    public ProcessTableTests()
    {
        _containers = new ContainerTable(_host.Roots.Cgroup);
        _table = new ProcessTable(_host.Roots, new KernelFiles(), _containers);
    }

    public void Dispose() => _host.Dispose();

    [Fact]
    public void This_very_process_is_found_as_dotnet_by_its_socket()
    {
        var table = new ProcessTable(HostRoots.Default, new KernelFiles(), new ContainerTable("/none"));

        table.Scan([]);
        table.Publish();

        var self = Assert.Single(table.Watched, p => p.Pid == Environment.ProcessId);
        Assert.Equal(GcRuntime.Dotnet, self.Runtime);
        Assert.Equal(Environment.ProcessId, self.NamespacePid);
        Assert.Equal("Pressure.Agent.Tests", self.Name);
        Assert.Contains(self.CommandLine, a => a.Contains("Pressure.Agent.Tests"));
    }

    [Fact]
    public void A_dotnet_process_in_a_container_is_found_by_the_socket_of_its_own_id_and_start()
    {
        _host.Process(4711, "dotnet", start: 500, threads: 9, arguments: "dotnet\0/srv/orders.dll\0", namespacePid: "4711 1", cgroup: $"0::/system.slice/docker-{Docker}.scope");
        _host.Write("proc/4711/root/tmp/dotnet-diagnostic-1-500-socket", "");

        Scan();

        var process = Assert.Single(_table.Watched);
        Assert.Equal((4711, 500L, "orders", 1, Docker[..12], GcRuntime.Dotnet), (process.Pid, process.Start, process.Name, process.NamespacePid, process.Container, process.Runtime!.Value));
        Assert.Equal(["dotnet", "/srv/orders.dll"], process.CommandLine);
    }

    [Fact]
    public void The_socket_that_a_dead_process_with_the_same_id_left_is_not_taken_for_its_own()
    {
        _host.Process(4711, "sh", start: 500, threads: 9, namespacePid: "4711 1");
        _host.Write("proc/4711/root/tmp/dotnet-diagnostic-1-499-socket", "");

        Scan();

        Assert.Empty(_table.Watched);
    }

    [Fact]
    public void A_socket_in_another_temp_folder_is_found_by_the_environment()
    {
        _host.Process(7, "orders", start: 5, threads: 9, arguments: "/srv/orders\0");
        _host.Write("proc/7/environ", "A=1\0TMPDIR=/var/tmp/\0B=2\0");
        _host.Write("proc/7/root/var/tmp/dotnet-diagnostic-7-5-socket", "");

        Scan();

        Assert.Equal("orders", Assert.Single(_table.Watched).Name);
    }

    [Fact]
    public void A_jvm_is_found_by_its_program_or_by_the_library_that_it_has_mapped()
    {
        _host.Process(1, "java", threads: 20, arguments: "java\0-jar\0item.jar\0");
        _host.Link("proc/1/exe", "/usr/lib/jvm/17/bin/java");
        _host.Process(2, "jsvc", threads: 20, arguments: "jsvc\0shop.Main\0");
        _host.Write("proc/2/maps", new string('x', 16 * 1024 - 5) + "/libjvm.so\n");
        _host.Process(3, "nginx", threads: 20, arguments: "nginx\0");
        _host.Write("proc/3/maps", "7f /usr/lib/libc.so\n");

        Scan();

        Assert.Equal([(1, "item"), (2, "Main")], _table.Watched.Select(p => (p.Pid, p.Name)).Order());
        Assert.All(_table.Watched, p => Assert.Equal(GcRuntime.Jvm, p.Runtime));
    }

    [Fact]
    public void Processes_that_are_asked_for_by_name_or_pattern_are_watched()
    {
        _host.Process(1, "nginx", threads: 1, arguments: "/usr/sbin/nginx\0");
        _host.Process(2, "redis-server", threads: 4, arguments: "redis-server *:6379\0");
        _host.Process(3, "sshd", threads: 1, arguments: "sshd\0");

        Scan("nginx", "redis*");

        Assert.Equal([(1, "nginx", null), (2, "redis-server", null)], _table.Watched.Select(p => (p.Pid, p.Name, p.Runtime)).Order());
    }

    [Fact]
    public void A_runtime_that_was_still_starting_is_found_at_a_later_look()
    {
        _host.Process(1, "orders", start: 5, threads: 1, arguments: "/srv/orders\0");
        Scan();
        Assert.Empty(_table.Watched);
        _host.Process(1, "orders", start: 5, threads: 9, arguments: "/srv/orders\0");
        _host.Write("proc/1/root/tmp/dotnet-diagnostic-1-5-socket", "");

        Scan();

        Assert.Single(_table.Watched);
    }

    [Fact]
    public void A_process_in_a_container_is_told_of_only_when_the_containers_name_is_known()
    {
        _host.Process(1, "nginx", cgroup: $"1:cpu:/docker/{Docker}");
        _table.Scan(["nginx"]);
        _table.Publish();
        Assert.Empty(_table.Watched);

        _containers.Running.Single().Answer(new ContainerLabels("web-1", "web", 0));
        _table.Publish();

        Assert.Equal(("web-1", "web"), (_table.Watched[0].Container, _table.Watched[0].Service));
    }

    [Fact]
    public void A_process_that_has_gone_is_watched_no_longer_nor_is_its_container_there()
    {
        _host.Process(1, "nginx", cgroup: $"1:cpu:/docker/{Docker}");
        Scan("nginx");
        Assert.Single(_containers.Running);
        var before = _table.Watched;
        _host.Delete("proc/1");

        Scan("nginx");

        Assert.Empty(_table.Watched);
        Assert.Empty(_containers.Running);
        Assert.Single(before); // a list that was handed out stays as it was
    }

    [Fact]
    public void A_container_is_there_as_long_as_one_of_its_processes_is()
    {
        _host.Process(5, "init", cgroup: $"1:cpu:/docker/{Docker}");
        _host.Process(6, "other", cgroup: $"1:cpu:/docker/{Docker}");
        Scan();
        var container = Assert.Single(_containers.Running);
        _host.Delete("proc/5");

        Scan();

        Assert.Same(container, Assert.Single(_containers.Running));
        Assert.Equal([6], container.Processes);
        _host.Delete("proc/6");
        Scan();
        Assert.Empty(_containers.Running);
    }

    [Fact]
    public void An_id_that_is_used_again_is_another_process()
    {
        _host.Process(1, "nginx", start: 5, arguments: "nginx\0");
        Scan("*");
        _host.Process(1, "redis", start: 6, arguments: "redis\0");

        Scan("*");
        Scan("*");

        Assert.Equal((6, "redis"), (_table.Watched[0].Start, _table.Watched[0].Name));
    }

    [Fact]
    public void Not_more_than_two_hundred_are_watched()
    {
        for (var pid = 1; pid <= ProcessTable.MaxWatched + 10; pid++)
            _host.Process(pid, "many");

        Scan("many");

        Assert.Equal(ProcessTable.MaxWatched, _table.Watched.Count);
    }

    [Fact]
    public void Threads_of_the_kernel_and_broken_entries_are_passed_over()
    {
        _host.Process(1, "kworker", flags: 0x0020_8040);
        Directory.CreateDirectory(_host.Path("proc/2"));
        _host.Write("proc/3/stat", "");
        _host.Write("proc/4/stat", "4 (cut");
        _host.Write("proc/5/stat", "5 (cut) S 1 1 1");
        Directory.CreateDirectory(_host.Path("proc/99999999999999"));

        Scan("*");

        Assert.Empty(_table.Watched);
    }

    private void Scan(params string[] patterns)
    {
        _table.Scan(patterns);
        foreach (var container in _containers.Running)
            container.Answer(null);
        _table.Publish();
    }
}
