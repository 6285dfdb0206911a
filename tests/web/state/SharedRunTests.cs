using System.Net;
using System.Text;
using Pressure.Web.State;

namespace Pressure.Web.Tests.State;

/// <summary>Runs of one node at another.</summary>
[Collection(PostgresCollection.Name)]
public sealed class SharedRunTests(PostgresFixture postgres) : NodesTests(postgres)
{
    [Fact]
    public async Task A_run_of_one_node_is_followed_and_stopped_at_the_other_and_then_lies_on_both()
    {
        var (one, two) = (await StartAsync("one"), await StartAsync("two"));
        var id = await RunAsync(one, Plans.Light(new Uri(two.Url), "30s"));
        await UntilAsync(async () => (await JsonAsync(two, "/api/runs")).GetArrayLength() == 1);
        Assert.Equal("running-elsewhere", (await JsonAsync(two, "/api/runs"))[0].GetProperty("state").GetString());

        using var http = new HttpClient();
        await using (var live = await http.GetStreamAsync(new Uri($"{two.Url}/api/runs/{id}/live"), Stop))
        using (var lines = new StreamReader(live))
        {
            while (await lines.ReadLineAsync(Stop) is { } line && line != "event: second")
            {
            }
        }
        Assert.Contains("Stop", await http.GetStringAsync(new Uri($"{two.Url}/runs/{id}"), Stop));
        using var stopped = await http.PostAsync(new Uri($"{two.Url}/api/runs/{id}/stop"), null, Stop);
        Assert.Equal(HttpStatusCode.Accepted, stopped.StatusCode);

        await UntilAsync(async () => (await JsonAsync(two, "/api/runs"))[0].GetProperty("state").GetString() == "finished");
        await UntilAsync(() => Task.FromResult(SameFiles(id)));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(two, $"/api/runs/{id}/files/report.html")).StatusCode);
    }

    [Fact]
    public async Task A_node_that_comes_later_fetches_what_there_was_and_keeps_it_when_the_other_is_gone()
    {
        var one = await StartAsync("one");
        var id = await RunAsync(one, Plans.Light(new Uri(one.Url)));
        await GetAsync(one, $"/api/runs/{id}/live");
        await one.DisposeAsync();
        var two = await StartAsync("two");
        await UntilAsync(async () => (await JsonAsync(two, "/api/runs")) is { } runs && runs.GetArrayLength() == 1 && runs[0].GetProperty("state").GetString() == "finished");
        await UntilAsync(() => Task.FromResult(SameFiles(id)));
    }

    [Fact]
    public async Task A_run_whose_node_is_killed_is_closed_by_the_other_with_what_was_told_of_it()
    {
        var two = await StartAsync("two");
        using var child = KilledNode.Start(Folder, AddressText);
        var url = await KilledNode.UrlAsync(Folder);
        var id = await RunAsync(url, Plans.Light(new Uri(two.Url), "10m"));
        await UntilAsync(() => Task.FromResult(LengthOf("two", id, "intervals.log") > 500));
        child.Kill();
        await child.WaitForExitAsync(Stop);

        await UntilAsync(async () => (await JsonAsync(two, $"/api/runs/{id}")) is { } run && run.GetProperty("state").GetString() == "interrupted" && run.GetProperty("links").TryGetProperty("report.html", out _));
        Assert.False(File.Exists(Folder.File($"two/runs/{id}/.copy")));
        // At most what was measured in its last moments is missing.
        Assert.InRange(LengthOf("one", id, "intervals.log") - LengthOf("two", id, "intervals.log"), 0, 2_000);
        Assert.Contains("not heard of any more", CheckOf(await JsonAsync(two, "/health"), "nodes").GetProperty("detail").GetString());

        // When the node comes back it takes over what the other has made of the run.
        var again = await StartAsync("one");
        await UntilAsync(() => Task.FromResult(SameFiles(id)));
        Assert.Equal("interrupted", (await JsonAsync(again, $"/api/runs/{id}")).GetProperty("state").GetString());
    }

    private long LengthOf(string node, string id, string file) => new FileInfo(Folder.File($"{node}/runs/{id}/{file}")) is { Exists: true } there ? there.Length : 0;

    /// <summary>Whether both nodes have the same files of a run, bit by bit.</summary>
    private bool SameFiles(string id)
    {
        Dictionary<string, string> Of(string node) => Directory.Exists(Folder.File($"{node}/runs/{id}"))
            ? Directory.GetFiles(Folder.File($"{node}/runs/{id}")).Where(f => MirroredFiles.IsName(Path.GetFileName(f))).ToDictionary(f => Path.GetFileName(f), f => Convert.ToHexString(File.ReadAllBytes(f)))
            : [];
        var (one, two) = (Of("one"), Of("two"));
        return one.Count > 5 && one.Count == two.Count && one.All(f => two.GetValueOrDefault(f.Key) == f.Value);
    }

    private static Task<string> RunAsync(WebService service, string plan) => RunAsync(service.Url, plan);

    private static async Task<string> RunAsync(string url, string plan)
    {
        using var http = new HttpClient();
        using var body = new StringContent(plan, Encoding.UTF8, "application/yaml");
        using var answer = await http.PostAsync(new Uri($"{url}/api/runs"), body, Stop);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return answer.Headers.Location!.ToString().Split('/')[^1];
    }
}
