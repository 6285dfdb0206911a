using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Pressure.Agent.Tests.Link;

/// <summary>A centre as small as can be, over real TLS and WebSockets, which tests can bend. What agents told it outlives it, so it can be started anew.</summary>
internal sealed class TestCentre : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TestStore _store;
    private readonly TestAuthority _authority;
    private readonly X509Certificate2 _certificate;

    private TestCentre(TestStore store, TestAuthority authority, X509Certificate2 certificate, IPAddress address, int port)
    {
        (_store, _authority, _certificate) = (store, authority, certificate);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(address, port, listen => listen.UseHttps(certificate)));
        _app = builder.Build();
        _app.UseWebSockets();
        _app.MapPost("/enrol", EnrolAsync);
        _app.Map("/agent", ServeAsync);
    }

    public Uri Url { get; private set; } = new("https://localhost");

    public int Port => Url.Port;

    public string Pin => KeyPin.Of(_certificate).Text;

    /// <summary>Bodies that came to /enrol.</summary>
    public List<string> Enrolments { get; } = [];

    /// <summary>What /enrol answers in place of an agent; null to let it in.</summary>
    public string? Refusal { get; set; }

    /// <summary>What is done with an agent; tests put their own in.</summary>
    public Func<TestSession, Task> Serve { get; set; } = session => session.ServeAsync();

    /// <summary>Every connection so far.</summary>
    public List<TestSession> Sessions { get; } = [];

    public TestSession Last => Sessions[^1];

    public static async Task<TestCentre> StartAsync(TestStore store, TestAuthority authority, X509Certificate2? certificate = null, IPAddress? address = null, int port = 0)
    {
        address ??= IPAddress.Loopback;
        var centre = new TestCentre(store, authority, certificate ?? authority.Server(), address, port);
        await centre._app.StartAsync();
        var bound = new Uri(centre._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        centre.Url = new Uri($"https://{(address.Equals(IPAddress.Loopback) ? "localhost" : address)}:{bound.Port}");
        return centre;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var session in Sessions)
            session.Abort();
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
        _certificate.Dispose();
    }

    private async Task EnrolAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        Enrolments.Add(body);
        if (Refusal is { } why)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            await context.Response.WriteAsJsonAsync(new { error = why });
            return;
        }
        var ask = System.Text.Json.JsonSerializer.Deserialize(body, IdentityJson.Default.EnrolmentAsk)!;
        _store.Keys["agent-1"] = ask.PublicKey;
        await context.Response.WriteAsJsonAsync(new { agent = "agent-1", name = ask.Host, ca = _authority.Pem });
    }

    private async Task ServeAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var session = new TestSession(socket, _store);
        lock (Sessions)
            Sessions.Add(session);
        try
        {
            await Serve(session);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or InvalidDataException or ObjectDisposedException or IOException)
        {
            session.Failure = e;
        }
        finally
        {
            session.Abort();
        }
    }
}

/// <summary>What a centre knows.</summary>
internal sealed class TestStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, SortedDictionary<long, AgentEntry>> _rings = [];

    /// <summary>Public keys by agent.</summary>
    public Dictionary<string, byte[]> Keys { get; } = [];

    /// <summary>How agents shall sample.</summary>
    public AgentSettings Settings { get; set; } = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10), []);

    /// <summary>Entries that came a second time.</summary>
    public int Twice { get; private set; }

    /// <summary>Numbers and entries, all rings one after the other.</summary>
    public IReadOnlyList<(Guid Ring, long Number, AgentEntry Entry)> Entries
    {
        get
        {
            lock (_gate)
                return [.. _rings.SelectMany(r => r.Value, (r, e) => (r.Key, e.Key, e.Value))];
        }
    }

    public int Count
    {
        get
        {
            lock (_gate)
                return _rings.Values.Sum(r => r.Count);
        }
    }

    public long Wanted(Guid ring, long oldest)
    {
        lock (_gate)
            return _rings.TryGetValue(ring, out var known) && known.Count > 0 ? known.Keys.Last() + 1 : oldest;
    }

    public void Put(Guid ring, Frame.Entries entries)
    {
        lock (_gate)
        {
            if (!_rings.TryGetValue(ring, out var known))
                _rings[ring] = known = [];
            var number = entries.First;
            foreach (var entry in entries.Items)
            {
                if (!known.TryAdd(number++, entry))
                    Twice++;
            }
        }
    }

    public bool Knows(Frame.Hello hello, byte[] nonce)
    {
        if (!Keys.TryGetValue(hello.Agent, out var spki))
            return false;
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(spki, out _);
        return key.VerifyData(AgentProof.Bytes(nonce, hello.Agent, hello.Instance), hello.Signature, HashAlgorithmName.SHA256);
    }
}
