using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Pressure.TestKit;
using Pressure.Web.Access;

namespace Pressure.Web.Tests.Access;

/// <summary>An AccessServer on a free port with a folder of its own, and ways to enrol agents and to connect them.</summary>
internal sealed class RunningAccess : IAsyncDisposable
{
    private readonly TempFolder? _own;

    private RunningAccess(AccessServer server, string folder, TempFolder? own)
    {
        (Server, Folder, _own) = (server, folder, own);
        Http = new HttpClient(Trusting()) { BaseAddress = new Uri($"https://127.0.0.1:{server.Port}") };
    }

    public AccessServer Server { get; }

    public string Folder { get; }

    public HttpClient Http { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<RunningAccess> StartAsync(AccessLimits? limits = null, TimeProvider? time = null)
    {
        var temp = new TempFolder();
        return new RunningAccess(await ServerIn(temp.Path, limits, time), temp.Path, temp);
    }

    /// <summary>One whose folder is there already, or is to stay.</summary>
    public static async Task<RunningAccess> StartInAsync(string folder, TimeProvider? time = null) => new(await ServerIn(folder, null, time), folder, null);

    /// <summary>A key and the id of an agent that was enrolled with it by a token, as a host does it.</summary>
    public async Task<Credential> EnrolAsync(string host = "web1", Dictionary<string, string>? labels = null)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var answer = await AskAsync(Server.Tokens.Create(TimeSpan.FromMinutes(5)).Text, key, host, labels);
        answer.EnsureSuccessStatusCode();
        var body = await RunningService.JsonOf(answer);
        return new Credential(body.GetProperty("agent").GetString()!, body.GetProperty("name").GetString()!, key);
    }

    public Task<HttpResponseMessage> AskAsync(string token, ECDsa key, string host = "web1", Dictionary<string, string>? labels = null) =>
        Http.PostAsJsonAsync("/enrol", new { token, publicKey = key.ExportSubjectPublicKeyInfo(), host, labels }, JsonSerializerOptions.Web, Stop);

    public async Task<RawAgent> ConnectAsync(Credential credential, Func<HelloDraft, HelloDraft>? change = null)
    {
        var agent = await OpenAsync();
        await agent.GreetAsync(credential, change);
        return agent;
    }

    /// <summary>A WebSocket on which nothing has been said yet.</summary>
    public Task<RawAgent> OpenAsync() => RawAgent.OpenAsync(Server.Port);

    public static SocketsHttpHandler Trusting() => new()
    {
#pragma warning disable CA5359 // What the certificate is worth has tests of its own.
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
#pragma warning restore CA5359
    };

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
        _own?.Dispose();
    }

    private static Task<AccessServer> ServerIn(string folder, AccessLimits? limits, TimeProvider? time) =>
        AccessServer.StartAsync(new AccessOptions("https://127.0.0.1:0") { Limits = limits ?? new AccessLimits() }, folder, time ?? TimeProvider.System);
}

internal sealed record Credential(string Agent, string Name, ECDsa Key);
