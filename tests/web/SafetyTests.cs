using System.Net;
using System.Text;
using Pressure.TestKit;

namespace Pressure.Web.Tests;

public sealed class SafetyTests : IAsyncLifetime
{
    private readonly TempFolder _temp = new();
    private RunningService _service = null!;

    public async ValueTask InitializeAsync() => _service = await RunningService.StartAsync(_temp);

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _temp.Dispose();
    }

    [Theory]
    [InlineData("/api/runs")]
    [InlineData("/api/try")]
    public async Task A_host_outside_the_allow_list_is_refused(string path)
    {
        var answer = await _service.SendPlanAsync(path, Plans.Light(new Uri("http://shop.example")));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("shop.example", await answer.TextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task Pages_of_other_sites_change_nothing(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/runs") { Content = new StringContent(Plans.Light(new Uri(_service.Url)), Encoding.UTF8, "application/yaml") };
        request.Headers.Add(header, value);
        Assert.Equal(HttpStatusCode.Forbidden, (await _service.SendAsync(request)).StatusCode);
        Assert.Empty((await _service.GetJsonAsync("/api/runs")).EnumerateArray());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data")]
    public async Task A_body_that_a_form_of_another_site_could_send_is_not_taken_for_a_plan(string type)
    {
        var answer = await _service.PostAsync("/api/runs", new StringContent(Plans.Light(new Uri(_service.Url)), Encoding.UTF8, type));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    [Theory]
    [InlineData("evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("127.0.0.1.evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("127.0.0.1:9", HttpStatusCode.OK)]
    [InlineData("[::1]:80", HttpStatusCode.OK)]
    public async Task Only_names_of_this_service_are_answered(string host, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Host = host;
        Assert.Equal(expected, (await _service.SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("/settings", "allow", "shop.example")]
    [InlineData("/runs/x?handler=Stop", "x", "x")]
    public async Task A_form_without_the_page_s_token_is_rejected(string path, string name, string value)
    {
        var answer = await _service.PostAsync(path, new FormUrlEncodedContent([KeyValuePair.Create(name, value)]));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.False(File.Exists(Path.Combine(_service.Folder, "settings.json")));
    }

    [Theory]
    [InlineData("/api/runs/..%2F..%2Fetc/files/plan.yaml")]
    [InlineData("/api/runs/%2e%2e/files/plan.yaml")]
    [InlineData("/api/runs/run/files/..%2Frun.json")]
    [InlineData("/api/runs/run/files/run.json")]
    [InlineData("/runs/..%2F..%2Fetc")]
    [InlineData("/assets/..%2Ftexts.json")]
    public async Task Paths_lead_nowhere_but_to_known_files_of_known_runs(string path)
    {
        await File.WriteAllTextAsync(Path.Combine(_service.Folder, "plan.yaml"), "secret", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, (await _service.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task A_plan_beyond_the_reader_s_limit_is_refused()
    {
        var answer = await _service.SendPlanAsync("/api/plan/validate", new string('#', (4 * 1024 * 1024) + 1));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused()
    {
        var body = new ByteArrayContent([0xff, 0xfe, 0x80]);
        body.Headers.ContentType = new("application/yaml");
        Assert.Equal(HttpStatusCode.BadRequest, (await _service.PostAsync("/api/runs", body)).StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/new")]
    [InlineData("/settings")]
    public async Task Pages_run_no_script_but_the_service_s_own(string path)
    {
        var answer = await _service.GetAsync(path);
        var policy = string.Join("", answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task An_address_that_is_taken_is_a_clear_error()
    {
        using var other = new TempFolder();
        var error = await Assert.ThrowsAsync<IOException>(() => WebService.StartAsync(new WebOptions(_service.Url, other.Path, []), TimeProvider.System));
        Assert.Contains(_service.Url, error.Message, StringComparison.Ordinal);
        Assert.Contains("port 0", error.Message, StringComparison.Ordinal);
    }
}
