using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Pressure.Web.Access;
using Pressure.Web.Agents;
using Pressure.Web.Captures;
using Pressure.Web.Chaos;
using Pressure.Web.Hosting;
using Pressure.Web.Runs;
using Pressure.Web.State;
using Pressure.Web.Workers;

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
    private readonly SharedState? _state;

    private WebService(WebApplication app, ActiveRuns runs, ChaosService chaos, TimeProvider time, string url, AccessServer? access, SharedState? state) =>
        (_app, _runs, _chaos, _time, Url, Access, _state) = (app, runs, chaos, time, url, access, state);

    /// <summary>The address that it listens on, e.g. <c>http://127.0.0.1:5100</c>.</summary>
    public string Url { get; }

    /// <summary>Where agents dial in; null if they can't.</summary>
    public AccessServer? Access { get; }

    /// <summary>Starts listening.</summary>
    /// <exception cref="IOException">The address is taken or can't be listened on, or the runs folder can't be written.</exception>
    public static Task<WebService> StartAsync(WebOptions options, TimeProvider time) => StartAsync(options, time, instead: null);

    internal static async Task<WebService> StartAsync(WebOptions options, TimeProvider time, Action<IServiceCollection>? instead)
    {
        options = options with { RunsFolder = WritableFolder.Ensure(options.RunsFolder) };
        var listener = await ListenAddress.ParseAsync(options.Url);
        var state = options.Node is null ? null : await SharedState.OpenAsync(options, time);
        AccessServer? access = null;
        try
        {
            // One node at a time: what the first one makes (keys, the agents' authority) the others find.
            await using var alone = state is null ? null : await state.Database.AloneAsync("start");
            await (state?.Files.PullAsync() ?? Task.CompletedTask);
            access = options.Agents is { } agents ? await AccessServer.StartAsync(agents, Path.Combine(options.RunsFolder, ".access"), time, state?.Files) : null;
            return await StartAsync(options, listener, access, time, state, instead);
        }
        catch
        {
            if (access is not null)
                await access.DisposeAsync();
            if (state is not null)
                await state.DisposeAsync();
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
        if (_state is not null)
            await _state.DisposeAsync();
    }

    private static async Task<WebService> StartAsync(WebOptions options, ListenAddress listener, AccessServer? access, TimeProvider time, SharedState? state, Action<IServiceCollection>? instead)
    {
        var app = Composition.Build(options, listener, access, time, state, instead);
        try
        {
            await app.StartAsync();
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            await app.DisposeAsync();
            throw new IOException($"Cannot listen on {options.Url}: {e.Message} Stop what listens there, or choose another address (port 0 takes a free one).", e);
        }
        var url = listener.UrlOf(app.Urls.Single());
        if (state is not null)
            await StateComposition.StartAsync(app, state, options.Node!.Advertise ?? url);
        // Before their reports are written as if they were over.
        if (app.Services.GetService<CrewSuccessor>() is { } successor)
            await successor.ResumeAsync(app.Services.Get<RunStore>().All().Where(r => !RunCopy.Is(r.Folder)), CancellationToken.None);
        if (state is not null)
            StateComposition.NoteEnds(app, state);
        app.Services.Get<ReportsOnDemand>().RecoverInterrupted(app.Services.Get<RunStore>().All().Where(r => !RunCopy.Is(r.Folder)));
        app.Services.Get<LateEntries>().Start();
        app.Services.Get<CaptureDesk>().GoOn();
        var chaos = app.Services.Get<ChaosService>();
        await chaos.StartAsync();
        return new WebService(app, app.Services.Get<ActiveRuns>(), chaos, time, url, access, state);
    }
}
