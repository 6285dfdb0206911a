using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Pressure.TestKit;
using Pressure.Web.Access;

namespace Pressure.Web.Tests.Access;

public sealed class EnrolmentTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string> Shop = new() { ["service"] = "shop" };
    private readonly FakeTime _time = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private RunningAccess _access = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private EnrolmentTokens Tokens => _access.Server.Tokens;

    public async ValueTask InitializeAsync() => _access = await RunningAccess.StartAsync(time: _time);

    public async ValueTask DisposeAsync()
    {
        await _access.DisposeAsync();
        _key.Dispose();
    }

    [Fact]
    public async Task A_token_gives_its_name_and_labels_to_the_host_that_uses_it()
    {
        var token = Tokens.Create(TimeSpan.FromHours(1), "item-1", Shop);
        Assert.Equal(["pressure1", _access.Server.Pin], token.Text.Split('.').Where((_, i) => i != 1));
        var answer = await RunningService.JsonOf(await _access.AskAsync(token.Text, _key, "some-host", new() { ["service"] = "liar", ["env"] = "test" }));
        Assert.Equal("item-1", answer.GetProperty("name").GetString());
        Assert.Equal(_access.Server.AuthorityPem, answer.GetProperty("ca").GetString());
        var agent = _access.Server.Find("ITEM-1")!;
        Assert.Equal(answer.GetProperty("agent").GetString(), agent.Id);
        Assert.Equal(("shop", "test"), (agent.Labels["service"], agent.Labels["env"]));
        Assert.Equal(agent.Id, Assert.Single(Tokens.All).Agent);
    }

    [Fact]
    public async Task Of_two_hosts_with_the_same_token_at_the_same_time_one_gets_in()
    {
        var token = Tokens.Create(TimeSpan.FromHours(1)).Text;
        var keys = Enumerable.Range(0, 8).Select(_ => ECDsa.Create(ECCurve.NamedCurves.nistP256)).ToList();
        var answers = await Task.WhenAll(keys.Select(k => _access.AskAsync(token, k)));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.OK);
        Assert.Equal(7, answers.Count(a => a.StatusCode == HttpStatusCode.Conflict));
        Assert.Single(_access.Server.Agents);
    }

    [Fact]
    public async Task A_host_whose_answer_got_lost_may_ask_again_with_the_same_key()
    {
        var token = Tokens.Create(TimeSpan.FromHours(1)).Text;
        var first = await (await _access.AskAsync(token, _key)).TextAsync();
        Assert.Equal(first, await (await _access.AskAsync(token, _key)).TextAsync());
        Assert.Single(_access.Server.Agents);
    }

    [Fact]
    public async Task A_token_ends()
    {
        var token = Tokens.Create(TimeSpan.FromHours(1)).Text;
        _time.Advance(TimeSpan.FromHours(1));
        var answer = await _access.AskAsync(token, _key);
        Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
        Assert.Contains("expired", (await RunningService.JsonOf(answer)).GetProperty("error").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_was_taken_back_is_worth_nothing()
    {
        var token = Tokens.Create(TimeSpan.FromHours(1));
        Assert.True(Tokens.Remove(token.Token.Id));
        Assert.Equal(HttpStatusCode.Forbidden, (await _access.AskAsync(token.Text, _key)).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("pressure1")]
    [InlineData("pressure1..")]
    [InlineData("pressure1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.x")]
    [InlineData("pressure2.AAAA.x")]
    public async Task A_wrong_token_is_refused(string token)
    {
        Tokens.Create(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.Forbidden, (await _access.AskAsync(token, _key)).StatusCode);
        Assert.Empty(_access.Server.Agents);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"token\":\"x\"}")]
    [InlineData("{\"token\":\"x\",\"publicKey\":\"AAAA\",\"host\":\"h\"}")]
    [InlineData("{\"token\":\"x\",\"publicKey\":\"AAAA\",\"host\":\"///\"}")]
    [InlineData("{\"token\":\"x\",\"publicKey\":\"AAAA\",\"host\":\"h\",\"labels\":{\"a b\":\"c\"}}")]
    [InlineData("{\"token\":\"x\",\"publicKey\":\"AAAA\",\"host\":\"h\",\"labels\":{\"a\":null}}")]
    public async Task What_is_no_enrolment_is_refused(string body)
    {
        var answer = await _access.Http.PostAsync("/enrol", new StringContent(body, Encoding.UTF8, "application/json"), Stop);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_key_of_another_curve_is_refused()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.Equal(HttpStatusCode.BadRequest, (await _access.AskAsync(Tokens.Create(TimeSpan.FromHours(1)).Text, other)).StatusCode);
    }

    [Fact]
    public async Task Guessing_is_slowed_down()
    {
        for (var i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.Forbidden, (await _access.AskAsync("pressure1.guess.x", _key)).StatusCode);
        var answer = await _access.AskAsync("pressure1.guess.x", _key);
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await _access.AskAsync(Tokens.Create(TimeSpan.FromHours(1)).Text, _key)).StatusCode);
    }

    [Fact]
    public async Task Hosts_of_the_same_name_get_names_of_their_own()
    {
        var names = new List<string>();
        foreach (var host in new[] { "web", "WEB", "web", "w b" })
            names.Add((await _access.EnrolAsync(host)).Name);
        Assert.Equal(["web", "WEB-2", "web-3", "w-b"], names);
    }

    [Fact]
    public void The_secret_is_kept_nowhere()
    {
        var secret = Tokens.Create(TimeSpan.FromHours(1)).Text.Split('.')[1];
        Assert.DoesNotContain(Directory.EnumerateFiles(_access.Folder, "*", SearchOption.AllDirectories), f => File.ReadAllText(f).Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tokens_and_agents_are_still_there_after_a_start()
    {
        using var temp = new TempFolder();
        string token;
        await using (var before = await RunningAccess.StartInAsync(temp.Path))
        {
            token = before.Server.Tokens.Create(TimeSpan.FromHours(1)).Text;
            await before.EnrolAsync("kept");
        }
        await using var after = await RunningAccess.StartInAsync(temp.Path);
        Assert.NotNull(after.Server.Find("kept"));
        Assert.Equal(HttpStatusCode.OK, (await after.AskAsync(token, _key, "new")).StatusCode);
        using var late = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal(HttpStatusCode.Conflict, (await after.AskAsync(token, late, "later")).StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/runs")]
    [InlineData("/assets/app.css")]
    [InlineData("/healthz")]
    public async Task Nothing_of_the_pages_is_served_to_agents(string path) =>
        Assert.Equal(HttpStatusCode.NotFound, (await _access.Http.GetAsync(path, Stop)).StatusCode);

    [Fact]
    public async Task Nothing_of_the_agents_is_served_beside_the_pages()
    {
        using var temp = new TempFolder();
        await using var service = await WebService.StartAsync(
            new WebOptions("http://127.0.0.1:0", temp.Path, []) { ChaosFolder = RunningService.StateOf(temp), Agents = new AccessOptions("https://127.0.0.1:0") }, TimeProvider.System);
        using var http = new HttpClient { BaseAddress = new Uri(service.Url) };
        Assert.Equal(HttpStatusCode.NotFound, (await http.PostAsJsonAsync("/enrol", new { }, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/agent", Stop)).StatusCode);
        Assert.NotNull(service.Access);
    }
}
