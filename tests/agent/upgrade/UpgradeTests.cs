namespace Pressure.Agent.Tests.Upgrades;

/// <summary>New versions here are shell scripts that say what a new version would say.</summary>
public sealed class UpgradeTests : IDisposable
{
    /// <summary>Seconds: what speaks at once may be slow to start on a busy machine, and who says nothing is waited for to the end.</summary>
    private const int Long = 45, Short = 5;

    private const string Good = "echo ready; read word; [ \"$word\" = take ] && echo serving; exec sleep 60";

    private readonly TempFolder _folder = new();
    private readonly Worker _worker = new();
    private bool _kept;

    [Fact(Timeout = 60_000)]
    public async Task A_new_version_that_serves_and_lives_takes_over_and_the_old_one_leaves()
    {
        Assert.Null(await RunAsync(Good));

        Assert.Equal(["released", "left"], _worker.Did);
        Assert.True(_kept);
        End(File.ReadAllText(_folder.File("pid")));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("exit 1")]
    [InlineData("echo hello; exec sleep 60")]
    [InlineData("exec sleep 60", Short)]
    public async Task A_new_version_that_does_not_get_ready_is_ended_before_anything_is_let_go_of(string script, int patience = Long)
    {
        Assert.Contains("not ready", await RunAsync(script, patience), StringComparison.Ordinal);

        Assert.Empty(_worker.Did);
        Assert.False(_kept);
        Assert.False(Lives(File.ReadAllText(_folder.File("pid"))));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("echo ready; read word; exit 1")]
    [InlineData("echo ready; read word; exec sleep 60", Short)]
    [InlineData("echo ready; read word; echo serving; exit 1")]
    public async Task A_new_version_that_takes_over_and_fails_is_ended_and_the_old_one_goes_on(string script, int patience = Long)
    {
        Assert.Contains("the old one goes on", await RunAsync(script, patience), StringComparison.Ordinal);

        Assert.Equal(["released", "resumed"], _worker.Did);
        Assert.False(_kept);
        Assert.False(Lives(File.ReadAllText(_folder.File("pid"))));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_file_that_is_no_program_changes_nothing()
    {
        File.WriteAllText(_folder.File("no-program"), "");

        Assert.Contains("can't be started", await Upgrade().RunAsync(_folder.File("no-program"), () => _kept = true), StringComparison.Ordinal);
        Assert.Empty(_worker.Did);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_second_upgrade_at_the_same_time_is_refused()
    {
        var (upgrade, program) = (Upgrade(), Script(Good));
        var first = upgrade.RunAsync(program, () => { });

        Assert.Contains("under way", await upgrade.RunAsync(program, () => { }), StringComparison.Ordinal);
        Assert.Null(await first);
        End(File.ReadAllText(_folder.File("pid")));
    }

    public void Dispose() => _folder.Dispose();

    private Upgrade Upgrade(int patience = Long, bool fails = false) => new(_worker, "/data", Guid.NewGuid(), new ServiceManager(null), TimeProvider.System) { Patience = TimeSpan.FromSeconds(patience), Probation = fails ? TimeSpan.FromSeconds(Long) : TimeSpan.FromMilliseconds(300) };

    private Task<string?> RunAsync(string script, int patience = Long) => Upgrade(patience, fails: script != Good).RunAsync(Script(script), () => _kept = true);

    private string Script(string body)
    {
        var path = _folder.File("pressure-agent");
        File.WriteAllText(path, $"#!/bin/sh\necho $$ >{_folder.File("pid")}\n{body}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }

    private static bool Lives(string pid) => Directory.Exists($"/proc/{pid.Trim()}");

    private static void End(string pid)
    {
        using var kill = System.Diagnostics.Process.Start("kill", pid.Trim());
        kill.WaitForExit();
    }

    private sealed class Worker : IServing
    {
        public List<string> Did { get; } = [];

        public Task ReleaseAsync() => Do("released");

        public Task ResumeAsync() => Do("resumed");

        public void Leave() => Did.Add("left");

        private Task Do(string what)
        {
            Did.Add(what);
            return Task.CompletedTask;
        }
    }
}
