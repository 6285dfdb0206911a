using System.Diagnostics;
using System.Text.Json;
using Pressure.TestKit;
using Pressure.TrafficCopy;
using Pressure.Web;
using Pressure.Web.Access;
using Pressure.Web.Captures;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>An agent is installed by the one line of the service, and replaced by newer programs, good ones and bad ones, while it works.</summary>
public sealed class UpgradeTests : IAsyncLifetime
{
    private const string Newer = "99.1.0";

    private readonly TempFolder _folder = new();
    private WebService _service = null!;

    private string Programs => _folder.File("programs");

    private string Prefix => _folder.File("prefix");

    private string Data => _folder.File("data");

    public async ValueTask InitializeAsync()
    {
        await PublishAsync("99.0.0");
        _service = await WebService.StartAsync(new WebOptions("http://127.0.0.1:0", _folder.File("runs"), []) { ChaosFolder = _folder.File("state"), Agents = new AccessOptions("https://127.0.0.1:0") { Programs = Programs } }, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _folder.Dispose();
    }

    [Fact(Timeout = 400_000)]
    public async Task One_line_installs_an_agent_and_upgrades_lose_neither_samples_nor_running_commands()
    {
        await InstallAsync();
        await using var agent = new BesideProgram(Path.Combine(Prefix, "pressure-agent"), _folder.Path, "run", "--data", Data, "--allow-capture", "any");
        await agent.LineAsync("Connected to");
        var name = Assert.Single(_service.Access!.Agents).Name;
        await CaptureAsync(name);
        var begin = TimeProvider.System.GetUtcNow();

        // One that ends at once: the old one goes on.
        Offer("#!/bin/sh\nexit 1\n");
        Assert.Contains("the old one goes on", (await UpgradeAsync(name)).Error, StringComparison.Ordinal);
        Assert.Equal("99.0.0", _service.Access.Agents[0].Version);

        // A good one, while a command is under way.
        await PublishAsync(Newer);
        var top = _service.Access.SendAsync(name, "top", JsonSerializer.SerializeToElement(new { seconds = 12 }), TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        Assert.Null((await UpgradeAsync(name)).Error);
        Assert.Equal(Newer, _service.Access.Agents[0].Version);
        var ended = await top;
        Assert.True(ended.Error is null, ended.Error);
        Assert.Equal(0, await agent.ExitAsync());
        Assert.EndsWith($"{Newer}/pressure-agent", File.ResolveLinkTarget(Path.Combine(Prefix, "pressure-agent"), returnFinalTarget: true)!.FullName, StringComparison.Ordinal);

        try
        {
            // What the host's owner has allowed goes on.
            await CaptureAsync(name);
            var samples = await SamplesAsync(name, begin, upTo: TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(3));
            var covered = samples.Zip(samples.Skip(1), (a, b) => b.At - a.At - b.Entry.Host!.Over);
            // What a sample covers begins where the one before ended, but for the hand-over: a busy machine takes a while to start a program.
            var holes = covered.Where(hole => hole >= TimeSpan.FromSeconds(2)).ToList();
            Assert.True(holes.Count <= 1 && holes.TrueForAll(hole => hole < TimeSpan.FromSeconds(15)), $"{string.Join(", ", holes)} are not covered");
        }
        finally
        {
            await StopSuccessorAsync();
        }
    }

    /// <summary>The trimmed program finds the system's libpcap, and nothing of the messages was left out of it.</summary>
    private async Task CaptureAsync(string name)
    {
        var url = new Uri(_service.Url);
        var (source, problem) = await AgentCaptureSource.StartAsync(name, new() { Interface = "lo", Ports = [url.Port], Masks = ["query:page"] }, AskAsync, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.True(source is not null, problem);
        using var enough = new CancellationTokenSource();
        var taken = new Targets(3, enough.Cancel);
        var running = source.RunAsync(taken, enough.Token);
        using var http = new HttpClient { BaseAddress = url };
        for (var i = 1; i <= 3; i++)
            (await http.GetAsync($"/api/runs?token=hidden&page={i}&size={i}", TestContext.Current.CancellationToken)).Dispose();
        var ending = await running;
        Assert.True(ending.IsWhole, ending.Why);
        Assert.Equal(["/api/runs?token=***&page=***&size=1", "/api/runs?token=***&page=***&size=2", "/api/runs?token=***&page=***&size=3"], taken.Seen);
        Assert.True(ending.Outcome().Accounts!.IsBalanced);
    }

    private async Task<(JsonElement? Body, string? Error)> AskAsync(string agent, string command, JsonElement? body, CancellationToken stop)
    {
        var result = await _service.Access!.SendAsync(agent, command, body, TimeSpan.FromMinutes(1), stop);
        return (result.Body, result.Error);
    }

    private async Task<Agent.Frame.Result> UpgradeAsync(string name) => await _service.Access!.UpgradeAsync(name, TestContext.Current.CancellationToken);

    private async Task<List<StoredEntry>> SamplesAsync(string name, DateTimeOffset from, DateTimeOffset upTo)
    {
        var samples = new List<StoredEntry>();
        await foreach (var entry in _service.Access!.FollowAsync(name, from, TestContext.Current.CancellationToken))
        {
            if (entry.At > upTo)
                break;
            if (entry.Entry.Host is not null)
                samples.Add(entry);
        }
        return samples;
    }

    private async Task InstallAsync()
    {
        var (_, token) = _service.Access!.Tokens.Create(TimeSpan.FromHours(1), "upgraded", new Dictionary<string, string>());
        var server = $"https://127.0.0.1:{_service.Access.Port}";
        await using var install = new BesideProgram("sh", _folder.Path, "-c", $"curl -fsSk --pinnedpubkey 'sha256//{_service.Access.CurlPin}' {server}/install.sh | sh -s -- --token {token} --prefix {Prefix} --data {Data} --label service=shop --no-start");
        Assert.True(await install.EndAsync() == 0, install.Output);
    }

    /// <summary>The program that took over is nobody's child here; it says its own process id by holding the data folder's lock.</summary>
    private async Task StopSuccessorAsync()
    {
        foreach (var process in Process.GetProcessesByName("pressure-agent"))
        {
            using (process)
            {
                if (ProcFile.Read(process.Id, "cmdline")?.Contains(Data, StringComparison.Ordinal) is not true)
                    continue;
                using var kill = Process.Start("kill", $"{process.Id}");
                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            }
        }
    }

    private void Offer(string script)
    {
        File.WriteAllText(Path.Combine(Programs, "linux-x64/pressure-agent"), script);
        File.WriteAllText(Path.Combine(Programs, "linux-x64/version"), "99.0.1");
    }

    private async Task PublishAsync(string version)
    {
        await using var publish = new BesideProgram("bash", _folder.Path, Path.Combine(Repository(), "build/agent.sh"), "--version", version, "--out", Programs);
        Assert.True(await publish.EndAsync() == 0, publish.Output);
    }

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Pressure.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    /// <summary>What was asked for, until there is enough of it.</summary>
    private sealed class Targets(int most, Action enough) : IExchangeSink
    {
        public List<string> Seen { get; } = [];

        public void Take(CapturedExchange exchange)
        {
            Seen.Add(System.Text.Encoding.ASCII.GetString(new HttpHead(exchange.Request.Head.Span).Target));
            if (Seen.Count == most)
                enough();
        }

        public void EndConnection(long connection, long at)
        {
        }
    }
}
