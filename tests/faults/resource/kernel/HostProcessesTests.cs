namespace Pressure.Faults.Tests.Resource.Kernel;

public sealed class HostProcessesTests
{
    [Fact]
    public void A_command_with_blanks_and_brackets_does_not_move_the_fields()
    {
        var process = HostProcesses.Parse(42, "42 (a) b (c)) T 7 42 42 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 1 0 987654 1000 5 0");
        Assert.Equal(new HostProcess(42, 987654, 7, 'T', "a) b (c)"), process);
    }

    [Theory]
    [InlineData("")]
    [InlineData("42 (sleep")]
    [InlineData("42 (sleep) S 7")]
    public void A_line_that_is_not_whole_is_no_process(string line) => Assert.Null(HostProcesses.Parse(42, line));

    [Theory]
    [InlineData("dotnet", "orders", "/usr/bin/dotnet", "exec", "/srv/orders.dll", "--port", "80")]
    [InlineData("java", "item", "java", "-Xmx1g", "-jar", "/srv/item.jar")]
    [InlineData("java", "shop.Main", "java", "-cp", "/srv/lib", "shop.Main")]
    [InlineData("python3", "work.py", "python3", "-u", "/srv/work.py")]
    [InlineData("sh", "sh", "/bin/sh", "-c", "sleep 1")]
    [InlineData("postgres", "postgres", "/usr/lib/postgresql/bin/postgres", "-D", "/data")]
    [InlineData("nginx", "nginx", "nginx: worker process")]
    [InlineData("kworker", "kworker")]
    public void A_process_is_called_as_people_call_it(string kernelName, string called, params string[] arguments) =>
        Assert.Equal(called, new HostProcess(1, 1, 0, 'S', kernelName) { Arguments = arguments }.Program);

    [Fact]
    public void A_child_is_listed_with_its_start_and_found_below_its_parent()
    {
        using var child = ChildProcess.Waiting();
        var listed = Assert.Single(HostProcesses.List(), p => p.Pid == child.Pid);
        Assert.Equal(child.Seen.Start, listed.Start);
        Assert.Contains(HostProcesses.Below(Environment.ProcessId), p => p.Pid == child.Pid);
        Assert.Null(HostProcesses.Of(child.Pid, listed.Start + 1));
    }
}
