using System.Net.Sockets;

namespace Pressure.Agent.Tests;

public sealed class DiagnosticsSocketTests : IDisposable
{
    private readonly TempFolder _proc = new();
    private readonly WatchedProcess _process = new(31, 500, "orders", 7, [], null, null, GcRuntime.Dotnet);

    public void Dispose() => _proc.Dispose();

    [Fact]
    public void It_is_found_by_the_id_that_the_process_has_in_its_container()
    {
        Put("31/root/tmp/dotnet-diagnostic-31-500-socket");
        var own = Put("31/root/tmp/dotnet-diagnostic-7-500-socket");

        Assert.Equal(own, DiagnosticsSocket.Find(_process, _proc.Path));
    }

    [Fact]
    public void One_that_a_killed_process_of_the_same_id_left_behind_is_not_taken()
    {
        var own = Put("31/root/tmp/dotnet-diagnostic-7-500-socket");
        File.SetLastWriteTimeUtc(Put("31/root/tmp/dotnet-diagnostic-7-499-socket"), File.GetLastWriteTimeUtc(own).AddDays(1));

        Assert.Equal(own, DiagnosticsSocket.Find(_process, _proc.Path));
    }

    [Fact]
    public void It_lies_in_the_temporary_folder_that_the_process_was_started_with()
    {
        Put("31/root/tmp/dotnet-diagnostic-7-500-socket");
        var own = Put("31/root/var/run/app/dotnet-diagnostic-7-500-socket");
        File.WriteAllText(_proc.File("31/environ"), "PATH=/bin\0TMPDIR=/var/run/app/\0");

        Assert.Equal(Path.GetFullPath(own), Path.GetFullPath(DiagnosticsSocket.Find(_process, _proc.Path)));
    }

    [Fact]
    public void A_folder_that_leads_out_of_the_container_is_not_followed()
    {
        var own = Put("31/root/tmp/dotnet-diagnostic-7-500-socket");
        File.WriteAllText(_proc.File("31/environ"), "TMPDIR=/../../../tmp\0");

        Assert.Equal(own, DiagnosticsSocket.Find(_process, _proc.Path));
    }

    [Fact]
    public void A_link_in_its_place_is_not_followed()
    {
        Directory.CreateDirectory(_proc.File("31/root/tmp"));
        File.CreateSymbolicLink(_proc.File("31/root/tmp/dotnet-diagnostic-7-500-socket"), "/run/docker.sock");

        Assert.Throws<GcDeafException>(() => DiagnosticsSocket.Find(_process, _proc.Path));
    }

    [Fact]
    public async Task One_at_which_another_process_answers_is_refused()
    {
        Directory.CreateDirectory(_proc.File("31/root/tmp"));
        using var other = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        other.Bind(new UnixDomainSocketEndPoint(_proc.File("31/root/tmp/dotnet-diagnostic-7-500-socket")));
        other.Listen();

        var refused = await Assert.ThrowsAsync<GcDeafException>(() => DiagnosticsSocket.OpenAsync(_process, _proc.Path, TestContext.Current.CancellationToken));

        Assert.Contains($"process {Environment.ProcessId} answers at its diagnostics socket", refused.Message);
    }

    [Fact]
    public async Task One_that_nobody_listens_at_does_not_answer()
    {
        Put("31/root/tmp/dotnet-diagnostic-7-500-socket");

        var refused = await Assert.ThrowsAsync<GcDeafException>(() => DiagnosticsSocket.OpenAsync(_process, _proc.Path, TestContext.Current.CancellationToken));

        Assert.StartsWith("its diagnostics socket does not answer", refused.Message);
    }

    private string Put(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_proc.File(name))!);
        File.WriteAllText(_proc.File(name), "");
        return _proc.File(name);
    }
}
