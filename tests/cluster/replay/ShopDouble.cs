using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Pressure.TestKit;

namespace Pressure.Cluster.Tests;

/// <summary>
/// A small shop: <c>/login</c> gives a session, <c>/cart</c> wants one of its own and counts what it was asked, <c>/item/N</c> tells a price and when it was asked.
/// </summary>
internal sealed class ShopDouble : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentDictionary<string, int> _sessions = [];
    private readonly Task _serving;
    private int _answers;

    public ShopDouble()
    {
        Url = new($"http://127.0.0.1:{ServerProcess.FreePort()}/");
        _listener.Prefixes.Add(Url.AbsoluteUri);
        _listener.Start();
        _serving = Task.Run(ServeAsync);
    }

    public Uri Url { get; }

    /// <summary>Requests answered.</summary>
    public int Answers => _answers;

    /// <summary>What is not as it should be: the price of every third item, and a field that is not sent.</summary>
    public bool IsBroken { get; init; }

    /// <summary>What its sessions begin with.</summary>
    public string Name { get; init; } = "a";

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                Answer(context);
            }
        }
        catch (Exception e) when (e is HttpListenerException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private void Answer(HttpListenerContext context)
    {
        var number = Interlocked.Increment(ref _answers);
        var path = context.Request.Url!.AbsolutePath;
        var (status, body) = path switch
        {
            "/login" => (200, Login(context)),
            "/cart" => Cart(context.Request.Cookies["session"]?.Value),
            _ => (200, $$"""{"id":{{path[6..]}},"price":{{(IsBroken && int.Parse(path[6..]) % 3 == 0 ? 11 : 10)}},"servedAt":"{{Name}}-{{number}}"}"""),
        };
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        if (!IsBroken)
            context.Response.AddHeader("Cache-Control", "no-store");
        context.Response.Close(Encoding.UTF8.GetBytes(body), willBlock: false);
    }

    private string Login(HttpListenerContext context)
    {
        var session = $"{Name}{_sessions.Count}";
        _sessions[session] = 0;
        context.Response.AddHeader("Set-Cookie", $"session={session}; Path=/; HttpOnly");
        return """{"welcome":true}""";
    }

    private (int, string) Cart(string? session) =>
        session is not null && _sessions.ContainsKey(session) ? (200, $$"""{"visits":{{_sessions.AddOrUpdate(session, 1, (_, n) => n + 1)}}}""") : (401, "{}");
}
