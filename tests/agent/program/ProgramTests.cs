using Pressure.Agent.Tests.Link;

namespace Pressure.Agent.Tests.Program;

/// <summary>The program itself, started, stopped and killed as a service manager does it.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly TestStore _store = new();

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_enrols_runs_and_leaves_on_sigterm()
    {
        await using var centre = await TestCentre.StartAsync(_store, _authority);
        using (var enrol = AgentProcess.Start("enrol", "--server", centre.Url.ToString(), "--token", $"pressure1.c2VjcmV0.{centre.Pin}", "--data", _folder.Path))
            Assert.Equal(0, await enrol.EndAsync());
        using var agent = AgentProcess.Start("run", "--data", _folder.Path);
        await Eventually.TrueAsync(() => _store.Count >= 3, () => agent.Output);

        agent.Terminate();

        Assert.Equal(0, await agent.EndAsync());
        Assert.IsType<Frame.Goodbye>(centre.Last.Received[^1]);
    }

    [Fact]
    public async Task Killed_at_any_moment_it_goes_on_with_its_numbers_and_sends_nothing_twice()
    {
        await using var centre = await TestCentre.StartAsync(_store, _authority);
        TestAgent.Enrolled(_folder, _store, _authority, centre.Url);
        for (var round = 1; round <= 3; round++)
        {
            var before = _store.Count;
            using var agent = AgentProcess.Start("run", "--data", _folder.Path);
            await Eventually.TrueAsync(() => _store.Count >= before + 4, () => agent.Output);
            agent.Kill();
            await agent.EndAsync();
        }

        Assert.Equal(0, _store.Twice);
        Assert.Single(_store.Entries.Select(e => e.Ring).Distinct());
        Assert.Equal(Enumerable.Range(0, _store.Count).Select(i => (long)i), _store.Entries.Select(e => e.Number));
        Assert.Equal(3, centre.Sessions.Select(s => s.Hello!.Instance).Distinct().Count());
    }

    [Fact]
    public async Task Who_was_not_enrolled_is_told_how()
    {
        using var agent = AgentProcess.Start("run", "--data", _folder.Path);

        Assert.Equal(2, await agent.EndAsync());
        Assert.Contains("pressure-agent enrol", agent.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_agents_do_not_share_a_folder()
    {
        TestAgent.Enrolled(_folder, _store, _authority, new Uri("https://localhost:1"));
        using var held = RingLock.TryTake(_folder.Path);
        using var agent = AgentProcess.Start("run", "--data", _folder.Path);

        Assert.Equal(2, await agent.EndAsync());
        Assert.Contains("already", agent.Output, StringComparison.Ordinal);
    }
}
