using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Pressure.TestKit;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>A real service, real agents on this machine, and an nginx that serves a port for each of them and a target, each with a log of its own.</summary>
internal sealed class AgentRoom : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, BesideProgram> _agents = [];
    private readonly List<int> _ports = [];
    private readonly NginxInFolder _nginx;
    private BesideProgram _service;
    private HttpClient _http = null!;

    private AgentRoom(int agents)
    {
        for (var i = 0; i <= agents; i++)
            _ports.Add(ServerProcess.FreePort());
        var servers = _ports.Select((port, i) => $"server {{ listen 127.0.0.1:{port}; access_log {i}.log requests; location / {{ return 200 \"hello\\n\"; }} }}");
        _nginx = new(_folder, $"log_format requests \"$request_method $request_uri\"; keepalive_requests 1000; {string.Join('\n', servers)}");
        _service = Serve();
    }

    public string Captures => _folder.File("captures");

    public string Service => _http.BaseAddress!.AbsoluteUri;

    public HttpClient Http => _http;

    public Uri Target => new($"http://127.0.0.1:{_ports[0]}/");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Makes it, with agents a1, a2, ... each of which may look at its own port.</summary>
    public static async Task<AgentRoom> MakeAsync(int agents)
    {
        var room = new AgentRoom(agents);
        await room.ReadyAsync();
        for (var i = 1; i <= agents; i++)
            await room.StartAgentAsync($"a{i}", "--allow-capture", $"{room._ports[i]}");
        return room;
    }

    public string File(string name) => _folder.File(name);

    /// <summary>Where an agent's server is; 0 for the target.</summary>
    public string UrlOf(int agent, string path) => $"http://127.0.0.1:{_ports[agent]}{path}";

    public int PortOf(int agent) => _ports[agent];

    /// <summary>What a server has logged, method and target of each request, in order.</summary>
    public async Task<string[]> LogAsync(int agent) => await System.IO.File.ReadAllLinesAsync(_folder.File($"{agent}.log"), Stop);

    public BesideProgram Agent(string name) => _agents[name];

    public BesideProgram ServiceProcess => _service;

    public BesideProgram Pressure(params string[] arguments) => new(Path.Combine(AppContext.BaseDirectory, "pressure"), _folder.Path, arguments);

    public static void Curl(params string[] arguments)
    {
        using var curl = Process.Start(new ProcessStartInfo("curl", ["-sS", .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        curl.StandardOutput.ReadToEnd();
        curl.WaitForExit();
        Assert.True(curl.ExitCode == 0, curl.StandardError.ReadToEnd());
    }

    /// <summary>Enrols an agent and starts it; waits until it is connected.</summary>
    public async Task StartAgentAsync(string name, params string[] more) => await StartAgentAsync(name, Path.Combine(AppContext.BaseDirectory, "pressure-agent"), [], more);

    public async Task StartAgentAsync(string name, string program, string[] before, params string[] more)
    {
        using var made = await _http.PostAsJsonAsync("/api/tokens", new { name }, Stop);
        var token = (await made.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("token").GetString()!;
        var port = (await _service.LineAsync("Agents dial in on port ")).Split(' ')[^1];
        await using (var enrol = new BesideProgram(Path.Combine(AppContext.BaseDirectory, "pressure-agent"), _folder.Path, "enrol", "--server", $"https://127.0.0.1:{port}", "--token", token, "--data", _folder.File(name)))
            Assert.True(await enrol.EndAsync() == 0, enrol.Output);
        _agents[name] = new BesideProgram(program, _folder.Path, [.. before, "run", "--data", _folder.File(name), .. more]);
        await _agents[name].LineAsync("Connected to");
    }

    /// <summary>Kills an agent and starts it anew, which takes no service to be there.</summary>
    public async Task StartAgainAsync(string name, params string[] more)
    {
        await _agents[name].SignalAsync("KILL");
        await _agents[name].DisposeAsync();
        _agents[name] = new BesideProgram(Path.Combine(AppContext.BaseDirectory, "pressure-agent"), _folder.Path, ["run", "--data", _folder.File(name), .. more]);
    }

    /// <summary>Has an agent do something over the API.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Answer)> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await _http.SendAsync(request, Stop);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(Stop));
    }

    /// <summary>Waits until agents capture.</summary>
    public async Task CapturingAsync(params string[] agents)
    {
        foreach (var agent in agents)
            await UntilAsync(async () => (await SendAsync(HttpMethod.Post, $"/api/agents/{agent}/commands/capture.status")).Answer.TryGetProperty("capture", out _));
    }

    public static async Task UntilAsync(Func<Task<bool>> holds)
    {
        while (!await holds())
            await Task.Delay(100, Stop);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in _agents.Values)
            await agent.DisposeAsync();
        await _service.DisposeAsync();
        _nginx.Dispose();
        _http.Dispose();
        _folder.Dispose();
    }

    /// <summary>Starts the service again, after it has ended.</summary>
    public async Task ServeAgainAsync()
    {
        await _service.DisposeAsync();
        _http.Dispose();
        _service = Serve();
        await ReadyAsync();
    }

    private BesideProgram Serve() => Pressure("serve", "--url", "http://127.0.0.1:0", "--agents", $"https://127.0.0.1:{AgentsPort}", "--runs", _folder.File("runs"), "--captures", Captures);

    private int AgentsPort => field == 0 ? field = ServerProcess.FreePort() : field;

    private async Task ReadyAsync() => _http = new() { BaseAddress = new((await _service.LineAsync("Pressure listens on ")).Split(' ')[3]), Timeout = TimeSpan.FromSeconds(60) };
}
