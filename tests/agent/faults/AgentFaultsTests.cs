using System.Diagnostics;
using System.Text.Json;
using Pressure.Faults;

namespace Pressure.Agent.Tests.Faults;

/// <summary>A controller and an agent's commands, the link between them cut and mended; the executor is the agent's real program.</summary>
public sealed class AgentFaultsTests : IAsyncDisposable
{
    // Long enough for a busy machine to renew it; tests outlast it, or wait for its end.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(12);

    private readonly TempFolder _folder = new();
    private readonly Process _target = Process.Start("sleep", "600");
    private readonly AgentFaults _faults;
    private volatile bool _cut;

    static AgentFaultsTests() => Environment.SetEnvironmentVariable("PRESSURE_PROGRAM", Path.Combine(AppContext.BaseDirectory, "pressure-agent.dll"));

    public AgentFaultsTests() => _faults = new AgentFaults(_folder.Path, FaultTools.UsualSocket);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>As <c>/proc</c> says: T is stopped.</summary>
    private char State => HostProcesses.Of(_target.Id)!.State;

    private FaultOrder Freeze => new("process-freeze", new FaultTarget.Process(_target.Id, HostProcesses.Of(_target.Id)!.Start, "sleep"), TimeSpan.FromMinutes(5));

    public async ValueTask DisposeAsync()
    {
        await _faults.DisposeAsync();
        _target.Kill();
        _target.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_fault_on_an_agent_s_host_holds_while_the_controller_is_heard_of_and_ends_when_it_says_so()
    {
        await using var executor = await OpenAsync();
        var start = Assert.IsType<FaultStart.InForce>(await executor.StartAsync(Freeze, Stop));

        await Task.Delay(Lease + TimeSpan.FromSeconds(3), Stop);
        Assert.Equal('T', State);
        var end = await executor.EndAsync(start.Handle);

        Assert.Equal((new UndoOutcome.Undone(), "controller"), (end.Outcome, end.By));
        Assert.Equal('S', State);
        Assert.Equal(end, await executor.EndOf(start.Handle));
    }

    [Fact]
    public async Task A_lost_link_lets_the_lease_expire_and_the_end_is_told_when_it_is_back()
    {
        await using var executor = await OpenAsync(TimeSpan.FromSeconds(5));
        var start = Assert.IsType<FaultStart.InForce>(await executor.StartAsync(Freeze, Stop));

        _cut = true;
        while (State == 'T')
            await Task.Delay(20, Stop);
        Assert.False(executor.EndOf(start.Handle).IsCompleted);
        _cut = false;
        var end = await executor.EndOf(start.Handle);

        Assert.Equal((new UndoOutcome.Undone(), "lost controller"), (end.Outcome, end.By));
    }

    [Fact]
    public async Task An_agent_that_was_not_told_to_takes_no_faults()
    {
        var refusal = await Assert.ThrowsAsync<FaultException>(() => AgentExecutor.OpenAsync("web1", Through(FaultCommands.All(null)), Lease, TimeProvider.System, Stop));

        Assert.Contains("--faults", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_runs_no_command_from_afar()
    {
        await using var executor = await OpenAsync();
        var mark = Path.Combine(Path.GetTempPath(), $"pressure-afar-{Guid.NewGuid():n}");
        var kill = Freeze with { Kind = "process-kill", Arguments = new() { ["restart"] = $"touch {mark}" } };

        string? told = null;
        var thrown = await Xunit.Record.ExceptionAsync(async () => told = (await executor.StartAsync(kill, Stop)).ToString());

        Assert.Contains("an agent runs none from afar", told ?? thrown!.Message, StringComparison.Ordinal);
        Assert.False(_target.HasExited);
        Assert.False(File.Exists(mark));
    }

    [Fact]
    public async Task What_can_be_struck_on_the_host_is_listed()
    {
        var (body, error) = await Through(FaultCommands.All(_faults))("fault.inventory", JsonSerializer.SerializeToElement(new FaultAsk { Kind = TargetKind.Process }, FaultJson.Default.FaultAsk), Stop);

        Assert.Null(error);
        Assert.Contains(body!.Value.Deserialize(FaultJson.Default.FaultTold)!.Items!, i => i is { Name: "sleep", Target: FaultTarget.Process process } && process.Pid == _target.Id);
    }

    [Theory]
    [InlineData("fault.start", "{}")]
    [InlineData("fault.start", "{\"session\":\"x\",\"handle\":\"../../etc\",\"order\":null}")]
    [InlineData("fault.end", "{\"handle\":\"nothing\"}")]
    [InlineData("fault.open", "{\"lease\":\"00:00:00\"}")]
    [InlineData("fault.open", "[1,2]")]
    [InlineData("fault.inventory", "{\"kind\":\"Planet\"}")]
    public async Task What_makes_no_sense_is_refused_in_words(string command, string body)
    {
        var (_, error) = await Through(FaultCommands.All(_faults))(command, JsonDocument.Parse(body).RootElement, Stop);

        Assert.NotNull(error);
    }

    private Task<AgentExecutor> OpenAsync(TimeSpan? lease = null) => AgentExecutor.OpenAsync("web1", Through(FaultCommands.All(_faults)), lease ?? Lease, TimeProvider.System, Stop);

    private AskAgent Through(IReadOnlyList<IAgentCommand> commands) => async (name, body, stop) =>
    {
        if (_cut)
            return (null, "the link is cut");
        var outcome = await commands.Single(c => c.Name == name).RunAsync(body, stop);
        return (outcome.Body, outcome.Error);
    };
}
