using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Pressure.Record;
using Pressure.TestKit;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>A real agent loses its link to a real service in the middle of a run, and finds it again after the run.</summary>
public sealed class CutAgentTests
{
    private static string Here => AppContext.BaseDirectory;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 180_000)]
    public async Task What_the_agent_kept_completes_the_finished_run_with_nothing_lost_and_nothing_twice()
    {
        using var folder = new TempFolder();
        await using var service = new BesideProgram(Path.Combine(Here, "pressure"), folder.Path, "serve", "--url", "http://127.0.0.1:0", "--agents", "https://127.0.0.1:0", "--runs", folder.File("runs"));
        using var client = new HttpClient { BaseAddress = new Uri((await service.LineAsync("Pressure listens on ")).Split(' ')[3]) };
        await using var link = new TcpRelay(int.Parse((await service.LineAsync("Agents dial in on port ")).Split(' ')[^1], null));
        link.Mend();
        await EnrolAsync(client, folder, link.Port);
        await using var agent = new BesideProgram(Path.Combine(Here, "pressure-agent"), folder.Path, "run", "--data", folder.File("agent"));
        await agent.LineAsync("Connected to");
        await UntilAsync(async () => (await client.GetStringAsync("/api/agents/db1", Stop)).Contains("\"last\":{", StringComparison.Ordinal));

        var id = await StartAsync(client, client.BaseAddress);
        var run = Path.Combine(folder.File("runs"), id);
        await UntilAsync(() => Task.FromResult(Samples(run).Length >= 3));
        await link.CutAsync();
        await client.GetStringAsync($"/api/runs/{id}/live", Stop);
        Assert.IsType<TimelineEvent.HostSilent>(RunFolder.ReadEvents(run).Last(e => e.Target == "db1"));
        var before = Samples(run);

        link.Mend();
        await UntilAsync(() => Task.FromResult(RunFolder.ReadEvents(run).Any(e => e is TimelineEvent.HostHeard)));
        var after = Samples(run);
        Assert.Equal(before, after[..before.Length]);
        Assert.Equal(after.Length, after.Distinct().Count());
        // They reach to the end of the load, and the last began before it.
        var (last, end) = (RunFolder.Read(run).Hosts[^1], RunFolder.ReadEvents(run).First(e => e is TimelineEvent.LoadEnded).At);
        Assert.True((last.At - end).TotalSeconds >= -0.5 && (last.At - last.Over - end).TotalSeconds <= 0.5, $"the last one is of {last.At - last.Over} to {last.At}, the load ended at {end}");
        // A busy machine samples late, but an agent's samples follow one another: none is missing in between.
        Assert.All(RunFolder.Read(run).Hosts.Zip(RunFolder.Read(run).Hosts.Skip(1)), pair => Assert.InRange((pair.Second.At - pair.First.At - pair.Second.Over).TotalSeconds, -0.5, 0.5));
        await UntilAsync(async () => (await client.GetStringAsync($"/api/runs/{id}/summary", Stop)).Contains("hostHeard", StringComparison.Ordinal));
    }

    private static TimeSpan[] Samples(string run) => [.. RunFolder.Read(run).Hosts.Select(h => h.At)];

    private static async Task EnrolAsync(HttpClient client, TempFolder folder, int port)
    {
        using var made = await client.PostAsJsonAsync("/api/tokens", new { name = "db1" }, Stop);
        var token = (await made.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("token").GetString()!;
        await using var enrol = new BesideProgram(Path.Combine(Here, "pressure-agent"), folder.Path, "enrol", "--server", $"https://127.0.0.1:{port}", "--token", token, "--data", folder.File("agent"));
        Assert.True(await enrol.EndAsync() == 0, enrol.Output);
    }

    private static async Task<string> StartAsync(HttpClient client, Uri target)
    {
        var plan = $$"""
            name: cut
            target: {{target}}
            load: { rate: 5/s, duration: 18s }
            scenarios: [ { steps: [ { get: /healthz } ] } ]
            hosts: [ db1 ]
            """;
        using var answer = await client.PostAsync("/api/runs", new StringContent(plan, Encoding.UTF8, "application/yaml"), Stop);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetString()!;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        while (!await holds())
            await Task.Delay(100, Stop);
    }
}
