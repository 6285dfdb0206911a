using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Pressure.Web.Access;
using Pressure.Web.Agents;
using Pressure.Web.Chaos;
using Pressure.Web.Hosting;
using Pressure.Web.Runs;

namespace Pressure.Web;

/// <summary>The web service: pages, REST API, live view.</summary>
public sealed class WebService : IAsyncDisposable
{
    /// <summary>How long the end waits for running tests to stop and for their reports.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly ActiveRuns _runs;
    private readonly ChaosService _chaos;
    private readonly TimeProvider _time;

    private WebService(WebApplication app, ActiveRuns runs, ChaosService chaos, TimeProvider time, string url, AccessServer? access) =>
        (_app, _runs, _chaos, _time, Url, Access) = (app, runs, chaos, time, url, access);

    /// <summary>The address that it listens on, e.g. <c>http://127.0.0.1:5100</c>.</summary>
    public string Url { get; }

    /// <summary>Where agents dial in; null if they can't.</summary>
    public AccessServer? Access { get; }

    /// <summary>Starts listening.</summary>
    /// <exception cref="IOException">The address is taken or can't be listened on, or the runs folder can't be written.</exception>
    public static Task<WebService> StartAsync(WebOptions options, TimeProvider time) => StartAsync(options, time, instead: null);

    internal static async Task<WebService> StartAsync(WebOptions options, TimeProvider time, Action<IServiceCollection>? instead)
    {
        var folder = WritableFolder.Ensure(options.RunsFolder);
        var listener = await ListenAddress.ParseAsync(options.Url);
        var access = options.Agents is { } agents ? await AccessServer.StartAsync(agents, Path.Combine(folder, ".access"), time) : null;
        try
        {
            return await StartAsync(options with { RunsFolder = folder }, listener, access, time, instead);
        }
        catch (Exception) when (access is not null)
        {
            await access.DisposeAsync();
            throw;
        }
    }

    /// <summary>Completes when the service has been asked to end.</summary>
    public async Task WaitForShutdownAsync(CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, _app.Lifetime.ApplicationStopping);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = either.Token.Register(asked.SetResult);
        await asked.Task;
    }

    /// <summary>Stops running tests (reports are written) and drills (everything is undone), and the listener.</summary>
    public async ValueTask DisposeAsync()
    {
        // Both at once: a drill may have struck what the run presses.
        await Task.WhenAll(_chaos.CloseAsync(Patience), _runs.StopAllAsync("the end of the service", Patience, _time));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2), _time);
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
        if (Access is not null)
            await Access.DisposeAsync();
    }

    private static async Task<WebService> StartAsync(WebOptions options, ListenAddress listener, AccessServer? access, TimeProvider time, Action<IServiceCollection>? instead)
    {
        var app = Composition.Build(options, listener, access, time, instead);
        try
        {
            await app.StartAsync();
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            await app.DisposeAsync();
            throw new IOException($"Cannot listen on {options.Url}: {e.Message} Stop what listens there, or choose another address (port 0 takes a free one).", e);
        }
        app.Services.Get<ReportsOnDemand>().RecoverInterrupted(app.Services.Get<RunStore>().All());
        app.Services.Get<LateEntries>().Start();
        var chaos = app.Services.Get<ChaosService>();
        await chaos.StartAsync();
        return new WebService(app, app.Services.Get<ActiveRuns>(), chaos, time, listener.UrlOf(app.Urls.Single()), access);
    }
}
