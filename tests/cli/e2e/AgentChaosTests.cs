using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Pressure.TestKit;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>Experiments on the host of a real agent: through a real service, and from the command line.</summary>
public sealed class AgentChaosTests : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Process _napper;
    private readonly string _name = $"nap-{Environment.ProcessId}";
    private readonly BesideProgram _service;
    private HttpClient? _client;
    private TcpRelay? _link;
    private BesideProgram? _agent;

    public AgentChaosTests()
    {
        _napper = Process.Start(_folder.Program(_name, "/bin/sleep"), ["600"]);
        _service = new(Program("pressure"), _folder.Path, [("PRESSURE_CHAOS_DIR", _folder.File("service-state"))], "serve", "--url", "http://127.0.0.1:0", "--agents", "https://127.0.0.1:0", "--runs", _folder.File("runs"));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private bool IsFrozen => File.ReadAllText($"/proc/{_napper.Id}/stat").Split(") ")[1][0] == 'T';

    private string Target => $$"""{ "process": { "name": "{{_name}}", "host": "db1" } }""";

    private string Experiment(string lease) => $$"""
        title: Freeze
        description: On the host of an agent.
        method:
          - { type: action, name: freeze, provider: { type: pressure, fault: process-freeze, target: {{Target}}, duration: 5m } }
        extensions: [ { name: pressure, lease: {{lease}} } ]
        """;

    public async ValueTask DisposeAsync()
    {
        if (_agent is not null)
            await _agent.DisposeAsync();
        if (_link is not null)
            await _link.DisposeAsync();
        _client?.Dispose();
        await _service.DisposeAsync();
        _napper.Kill();
        _napper.Dispose();
        _folder.Dispose();
    }

    [Fact(Timeout = 180_000)]
    public async Task A_drill_of_the_service_freezes_on_the_agent_s_host_and_a_cut_link_thaws_under_the_lease()
    {
        await BeginAsync("--faults");

        var stopped = await DrillAsync("30s");
        await UntilAsync(() => IsFrozen);
        Assert.Single(Directory.GetFiles(_folder.File("agent-state/faults"), "*.json"));
        await _client!.PostAsync($"/api/chaos/drills/{stopped}/stop", null, Stop);
        Assert.Equal("interrupted", (await EndOfAsync(stopped)).GetProperty("state").GetString());
        Assert.False(IsFrozen);

        var cut = await DrillAsync("10s");
        await UntilAsync(() => IsFrozen);
        await _link!.CutAsync();
        await UntilAsync(() => !IsFrozen);
        _link.Mend();
        var end = (await EndOfAsync(cut)).GetProperty("end");
        Assert.Equal(0, end.GetProperty("left").GetArrayLength());
        Assert.NotEqual(0, end.GetProperty("exitCode").GetInt32());
        Assert.Contains($"process-freeze on db1: {_name}", await _client.GetStringAsync("/api/chaos/audit", Stop), StringComparison.Ordinal);
    }

    [Fact(Timeout = 180_000)]
    public async Task The_command_line_reaches_the_same_host_through_the_service()
    {
        await BeginAsync("--faults");

        var ended = await FaultAsync("--duration", "1s");

        Assert.True(ended.ExitCode == 0, ended.Output + ended.Error);
        Assert.Contains($"Fault on: process-freeze on {_name}", ended.Output, StringComparison.Ordinal);
        Assert.Contains("Fault off: process-freeze", ended.Output, StringComparison.Ordinal);
        Assert.False(IsFrozen);
    }

    [Fact(Timeout = 180_000)]
    public async Task An_agent_whose_owner_allowed_no_faults_refuses_and_says_who_can()
    {
        await BeginAsync();

        var ended = await FaultAsync("--duration", "1s");

        Assert.Equal(99, ended.ExitCode);
        Assert.Contains("This agent takes no faults. Whoever owns its host allows them by starting it with: pressure-agent run --faults", ended.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Without_a_service_a_host_elsewhere_can_not_be_struck_and_the_way_is_told()
    {
        using var program = Pressing();
        var ended = await program.Start("chaos", "fault", "process-freeze", "--target", Target, "--duration", "1s", "--service", "http://127.0.0.1:1").EndAsync();

        Assert.Equal(99, ended.ExitCode);
        Assert.Contains("The service at http://127.0.0.1:1 does not tell its agents", ended.Output, StringComparison.Ordinal);
        Assert.Contains("--service URL", ended.Output, StringComparison.Ordinal);
    }

    private static string Program(string name) => Path.Combine(AppContext.BaseDirectory, name);

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
            await Task.Delay(50, Stop);
    }

    private async Task BeginAsync(params string[] allowed)
    {
        _client = new() { BaseAddress = new Uri((await _service.LineAsync("Pressure listens on ")).Split(' ')[3]) };
        _link = new(int.Parse((await _service.LineAsync("Agents dial in on port ")).Split(' ')[^1], null));
        _link.Mend();
        using var made = await _client.PostAsJsonAsync("/api/tokens", new { name = "db1" }, Stop);
        var token = (await made.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("token").GetString()!;
        await using (var enrol = new BesideProgram(Program("pressure-agent"), _folder.Path, "enrol", "--server", $"https://127.0.0.1:{_link.Port}", "--token", token, "--data", _folder.File("agent")))
            Assert.True(await enrol.EndAsync() == 0, enrol.Output);
        _agent = new(Program("pressure-agent"), _folder.Path, [("PRESSURE_CHAOS_DIR", _folder.File("agent-state"))], ["run", "--data", _folder.File("agent"), .. allowed]);
        await _agent.LineAsync("Connected to");
    }

    private PressureProgram Pressing() => new() { Environment = new() { ["PRESSURE_CHAOS_DIR"] = _folder.File("own-state") } };

    private async Task<Ended> FaultAsync(params string[] more)
    {
        using var program = Pressing();
        return await program.Start(["chaos", "fault", "process-freeze", "--target", Target, "--service", $"{_client!.BaseAddress}", .. more]).EndAsync();
    }

    private async Task<string> DrillAsync(string lease)
    {
        using var answer = await _client!.PostAsync("/api/chaos/drills", new StringContent(Experiment(lease), Encoding.UTF8, "application/yaml"), Stop);
        var body = await answer.Content.ReadAsStringAsync(Stop);
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonDocument.Parse(body).RootElement.GetProperty("id").GetString()!;
    }

    private async Task<JsonElement> EndOfAsync(string drill)
    {
        await _client!.GetStringAsync($"/api/chaos/drills/{drill}/live", Stop);
        return await _client.GetFromJsonAsync<JsonElement>($"/api/chaos/drills/{drill}", Stop);
    }
}
