using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Pressure.Reports.Export;
using Pressure.TestKit;

namespace Pressure.Web.Tests;

/// <summary>The service on a free port with a runs folder of its own, and a client that follows no redirects.</summary>
internal sealed partial class RunningService : IAsyncDisposable
{
    private readonly WebService _service;

    private RunningService(WebService service, string folder)
    {
        _service = service;
        Folder = folder;
        Http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(service.Url) };
        Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public string Folder { get; }

    public string Url => _service.Url;

    public HttpClient Http { get; }

    public static async Task<RunningService> StartAsync(TempFolder temp, params string[] allow) =>
        new(await WebService.StartAsync(new WebOptions("http://127.0.0.1:0", temp.Path, allow) { ChaosFolder = StateOf(temp) }, TimeProvider.System), temp.Path);

    /// <summary>The same with agents from elsewhere than its AccessServer.</summary>
    public static async Task<RunningService> StartAsync(TempFolder temp, Action<IServiceCollection> instead, string url = "http://127.0.0.1:0") =>
        new(await WebService.StartAsync(new WebOptions(url, temp.Path, []) { ChaosFolder = StateOf(temp) }, TimeProvider.System, instead), temp.Path);

    /// <summary>The same with figures sent elsewhere.</summary>
    public static async Task<RunningService> StartAsync(TempFolder temp, IReadOnlyList<ExportTarget> exportTo, Action<IServiceCollection>? instead = null) =>
        new(await WebService.StartAsync(new WebOptions("http://127.0.0.1:0", temp.Path, []) { ExportTo = exportTo, ChaosFolder = StateOf(temp) }, TimeProvider.System, instead), temp.Path);

    /// <summary>The same with a folder of captures that plans may name.</summary>
    public static async Task<RunningService> StartWithCapturesAsync(TempFolder temp, string captures) =>
        new(await WebService.StartAsync(new WebOptions("http://127.0.0.1:0", temp.Path, []) { ChaosFolder = StateOf(temp), CapturesFolder = captures }, TimeProvider.System), temp.Path);

    /// <summary>Every service of a test has chaos state of its own, away from the folder of its runs.</summary>
    public static string StateOf(TempFolder temp) => temp.File(".chaos-state");

    /// <summary>Sends a plan to an endpoint of the API.</summary>
    public Task<HttpResponseMessage> SendPlanAsync(string path, string plan)
    {
        var body = new StringContent(plan, Encoding.UTF8);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/yaml");
        return PostAsync(path, body);
    }

    public Task<HttpResponseMessage> GetAsync(string path) => Http.GetAsync(path, Stop);

    public Task<HttpResponseMessage> PostAsync(string path, HttpContent? body) => Http.PostAsync(path, body, Stop);

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => Http.SendAsync(request, Stop);

    public Task<string> PageAsync(string path) => Http.GetStringAsync(path, Stop);

    public async Task<JsonElement> GetJsonAsync(string path) => await JsonOf(await GetAsync(path));

    public static async Task<JsonElement> JsonOf(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.TextAsync()).RootElement;

    /// <summary>Waits until a run has ended, by following it.</summary>
    public async Task FollowToEndAsync(string id)
    {
        await PageAsync($"/api/runs/{id}/live");
    }

    /// <summary>Loads a page with a form, fills some of its inputs and sends it.</summary>
    public Task<HttpResponseMessage> SendFormAsync(string path, params (string Name, string Value)[] inputs) => SendFormAsync(path, path, inputs);

    /// <summary>The same for a form that is sent elsewhere than the page lies.</summary>
    public async Task<HttpResponseMessage> SendFormAsync(string from, string path, params (string Name, string Value)[] inputs)
    {
        var page = await PageAsync(from);
        var token = Token().Match(page).Groups[1].Value;
        return await PostAsync(path, new FormUrlEncodedContent(inputs.Append(("__RequestVerificationToken", token)).Select(i => KeyValuePair.Create(i.Item1, i.Item2))));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _service.DisposeAsync();
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}

internal static class AnswerText
{
    public static Task<string> TextAsync(this HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
