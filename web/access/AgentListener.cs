using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Pressure.Web.Hosting;

namespace Pressure.Web.Access;

/// <summary>The agents' port: TLS only, with nothing of the pages.</summary>
internal sealed class AgentListener : IAsyncDisposable
{
    private const long LargestBody = 64 * 1024;
    private readonly WebApplication _app;
    private readonly AgentConnections _connections;

    private AgentListener(WebApplication app, AgentConnections connections, int port) => (_app, _connections, Port) = (app, connections, port);

    public int Port { get; }

    /// <exception cref="IOException">The address is taken or is none.</exception>
    public static async Task<AgentListener> StartAsync(AccessOptions options, ServerIdentities identities, AgentDoor door, EnrolmentTokens tokens, AgentFiles files, TimeProvider time)
    {
        var listen = await ListenAddress.ParseAsync(options.Url, Uri.UriSchemeHttps);
        var connections = new AgentConnections(new TlsServer(identities), door, options.Limits, time);
        var transport = new AgentTransport(connections, options.Limits);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(AgentListener).Assembly.GetName().Name });
        QuietLog.Add(builder.Logging);
        builder.Services.AddRoutingCore().AddProblemDetails();
        builder.Services.AddSingleton<IConnectionListenerFactory>(transport);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.MaxConcurrentConnections = options.Limits.Requests;
            kestrel.Listen(listen.EndPoint, endpoint => endpoint.Protocols = HttpProtocols.Http1);
        });
        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseRouting();
        // An agent's request is the first of its connection and never comes here; a browser's may.
        app.MapGet("/agent", () => Results.Text("Agents open a WebSocket here, on a connection of its own.", statusCode: StatusCodes.Status426UpgradeRequired));
        EnrolmentEndpoint.Map(app, tokens, identities.Current.AuthorityPem, new EnrolmentRate(time));
        ReleaseEndpoints.Map(app, files, identities.Current.Pin.ForCurl);
        try
        {
            await app.StartAsync();
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            await app.DisposeAsync();
            throw new IOException($"Cannot listen for agents on {options.Url}: {e.Message} Stop what listens there, or choose another address (port 0 takes a free one).", e);
        }
        return new AgentListener(app, connections, ((IPEndPoint)transport.EndPoint).Port);
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
        _connections.Dispose();
    }
}
