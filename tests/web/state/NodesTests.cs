using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Pressure.TestKit;
using Pressure.Web.Access;
using Pressure.Web.State;

namespace Pressure.Web.Tests.State;

/// <summary>Services on one database, each with a folder of its own, ended with the test.</summary>
public abstract class NodesTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly List<WebService> _services = [];

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected TempFolder Folder { get; } = new();

    private protected DatabaseAddress Address { get; set; } = null!;

    /// <summary>The same as text, for another program.</summary>
    private protected string AddressText => $"postgres://{Address.Connection.Username}:{Address.Connection.Password}@{Address.Connection.Host}:{Address.Connection.Port}/{Address.Connection.Database}?sslmode=disable";

    public async ValueTask InitializeAsync() => Address = await postgres.NewAsync();

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var service in _services)
            await service.DisposeAsync();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected async Task<WebService> StartAsync(string name, TimeProvider? time = null, bool agents = false)
    {
        var service = await WebService.StartAsync(new WebOptions("http://127.0.0.1:0", Folder.File($"{name}/runs"), []) { ChaosFolder = Folder.File($"{name}/state"), Agents = agents ? new AccessOptions("https://127.0.0.1:0") : null, Node = new NodeOptions(Address) { Lease = TimeSpan.FromSeconds(10) } }, time ?? TimeProvider.System);
        lock (_services)
            _services.Add(service);
        return service;
    }

    private protected static JsonElement CheckOf(JsonElement health, string name) => health.GetProperty("checks").EnumerateArray().Single(c => c.GetProperty("name").GetString() == name);

    private protected static async Task<HttpResponseMessage> GetAsync(WebService service, string path)
    {
        using var http = new HttpClient();
        return await http.GetAsync(new Uri(service.Url + path), Stop);
    }

    private protected static async Task<JsonElement> JsonAsync(WebService service, string path) => (await (await GetAsync(service, path)).Content.ReadFromJsonAsync<JsonElement>(Stop))!;

    private protected static async Task<HttpResponseMessage> PutAsync(WebService service, string path, string body, string type)
    {
        using var http = new HttpClient();
        using var content = new StringContent(body, Encoding.UTF8, type);
        return await http.PutAsync(new Uri($"{service.Url}/api/chaos/{path}"), content, Stop);
    }

    private protected static async Task KeepAsync(WebService service, string path, string body, string type)
    {
        using var answer = await PutAsync(service, path, body, type);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }

    private protected static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var tries = 0; !await condition(); tries++)
        {
            Assert.True(tries < 1800, "It did not come.");
            await Task.Delay(100, Stop);
        }
    }
}
