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
    public async Task A_link_in_a_run_folder_does_not_lead_out_of_it()
    {
        var folder = RunPageTests.WriteInterrupted(_temp, "20260101-000000-linked-0000", "linked", seconds: 1);
        var secret = _temp.File("secret");
        await File.WriteAllTextAsync(secret, "secret", TestContext.Current.CancellationToken);
        File.Delete(Path.Combine(folder, "plan.yaml"));
        File.CreateSymbolicLink(Path.Combine(folder, "plan.yaml"), secret);
        Assert.Equal(HttpStatusCode.NotFound, (await _service.GetAsync("/api/runs/20260101-000000-linked-0000/files/plan.yaml")).StatusCode);
    }

    [Fact]
    public async Task An_id_that_came_with_a_copied_folder_can_neither_add_headers_nor_markup()
    {
        RunPageTests.WriteInterrupted(_temp, "a\"\r\nX-Evil: 1\r\n<b>..", "copied", seconds: 1, folder: "copied");
        var list = await _service.PageAsync("/");
        var link = System.Text.RegularExpressions.Regex.Match(list, "href=\"(/runs/[^\"]+)\"").Groups[1].Value;
        Assert.DoesNotContain("<b>..", list, StringComparison.Ordinal);
        var answer = await _service.GetAsync($"/api{link}/files/plan.yaml?download=1");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("X-Evil"));
        Assert.Equal(HttpStatusCode.OK, (await _service.GetAsync(link)).StatusCode);
    }

    [Fact]
    public async Task Files_that_are_looked_at_run_nothing()
    {
        RunPageTests.WriteInterrupted(_temp, "20260101-000000-files-0000", "files", seconds: 1);
        foreach (var file in new[] { "plan.yaml", "summary.json", "junit.xml" })
        {
            var answer = await _service.GetAsync($"/api/runs/20260101-000000-files-0000/files/{file}");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.StartsWith("sandbox;", string.Join("", answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_page_behind_a_proxy_of_another_name_may_change_what_the_browser_calls_its_own_origin()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/plan/validate") { Content = new StringContent(Plans.Light(new Uri(_service.Url)), Encoding.UTF8, "application/yaml") };
        request.Headers.Add("Origin", "https://pressure.example");
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        Assert.Equal(HttpStatusCode.OK, (await _service.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Trying_a_request_follows_no_redirect_to_a_host_that_is_not_allowed()
    {
        await using var server = new OneAnswerServer("HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/inside\r\nContent-Length: 0\r\n\r\n");
        var tried = await RunningService.JsonOf(await _service.SendPlanAsync("/api/try", Plans.Light(server.Url)));
        Assert.Equal("redirect-refused", tried.GetProperty("error").GetString());
        Assert.Equal(["GET /health HTTP/1.1"], server.Asked);
    }

    [Fact]
    public async Task Trying_a_request_that_is_redirected_in_a_circle_comes_to_an_end()
    {
        await using var server = new OneAnswerServer("HTTP/1.1 302 Found\r\nLocation: /inside\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        var tried = await RunningService.JsonOf(await _service.SendPlanAsync("/api/try", Plans.Light(server.Url)));
        Assert.Equal("too-many-redirects", tried.GetProperty("error").GetString());
        Assert.Equal(11, server.Asked.Count);
    }

    [Fact]
    public async Task What_a_tried_request_answers_is_shown_as_text()
    {
        const string body = "<script>alert(1)</script>";
        await using var server = new OneAnswerServer($"HTTP/1.1 200 OK\r\nX-Evil: <img src=x>\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        var page = await (await _service.SendFormAsync("/new", ("mode", "simple"), ("target", server.Url.AbsoluteUri), ("url", "0"), ("urls[0].path", "/"), ("action", "try:0"))).TextAsync();
        Assert.Contains("&lt;script&gt;alert(1)", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page.Replace("<img src=\"/assets/icon.svg\"", "", StringComparison.Ordinal), StringComparison.Ordinal);
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
        var error = await Assert.ThrowsAsync<IOException>(() => WebService.StartAsync(new WebOptions(_service.Url, other.Path, []) { ChaosFolder = RunningService.StateOf(other) }, TimeProvider.System));
        Assert.Contains(_service.Url, error.Message, StringComparison.Ordinal);
        Assert.Contains("port 0", error.Message, StringComparison.Ordinal);
    }
}
