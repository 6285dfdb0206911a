using System.Diagnostics;
using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>One iteration made by hand: requests one after the other, each with what came of it.</summary>
internal sealed class Trial : IAsyncDisposable
{
    private readonly HttpOptions _options;
    private readonly string _runId;
    private readonly CancellationToken _stop;
    private readonly TargetGuard _guard;
    private readonly SocketsHttpHandler _handler;
    private readonly HttpMessageInvoker _invoker;
    private readonly IterationScope _scope = new(TimeProvider.System.GetUtcNow);
    private readonly SocketVisit _socket;
    private readonly RandomStream _random;

    /// <summary>The first iteration; each request goes over a connection of its own.</summary>
    public Trial(HttpOptions options, string runId, TargetGuard? guard, CancellationToken stop)
    {
        // A look at one request after the other tells most when no connection is kept; a proxy's or target's is made anew for each.
        (_options, _runId, _stop, _guard) = (options, runId, stop, guard ?? new([]));
        var locals = new LocalEndpoints(options.LocalAddresses);
        _handler = HandlerFactory.Create(options, locals, _ => { });
        _handler.PooledConnectionLifetime = TimeSpan.Zero;
        _invoker = new HttpMessageInvoker(_handler, disposeHandler: false);
        _socket = new SocketVisit(_invoker, locals, _ => { }, () => { }, stop);
        _random = new RandomStream(runId, 0);
        _scope.Begin(0);
    }

    /// <summary>Makes a request.</summary>
    public async Task<TriedRequest> TryAsync(Step.Request request)
    {
        if (request.Template?.CanRender(_scope) == false)
            return NotSent("not sent: a value that it needs was missing in an earlier response", RequestError.ExtractionFailed);
        if (!_socket.CanRun(request.Socket))
            return NotSent("not sent: its connection is not open", RequestError.SendFailed);
        var copy = new ResponseCopy();
        var start = Stopwatch.GetTimestamp();
        var error = request.Socket is null
            ? await SendAsync(new HandlerRequest(request, _options, _runId), new RedirectGuard([request.Url], _guard), copy)
            : (await _socket.RunAsync(new SocketRequest(request, _options, _runId), _scope, _random.NextTrace(), copy)).Error;
        return new(copy.Status, error, Stopwatch.GetElapsedTime(start), copy.Headers, copy.BodyStart, copy.BodyLength, copy.FailedChecks) { Urls = copy.Urls };
    }

    private async Task<RequestError> SendAsync(HandlerRequest request, RedirectGuard redirects, ResponseCopy copy) =>
        (await new HandlerExchange(_invoker, request, redirects, copy).RunAsync(_scope, _random.NextTrace(), request.Timeout, _stop)).Error;

    /// <summary>Closes the connection of socket steps.</summary>
    public Task CloseAsync() => _socket.CloseAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _socket.CloseAsync();
        _invoker.Dispose();
        _handler.Dispose();
    }

    private static TriedRequest NotSent(string why, RequestError error) => new(0, error, TimeSpan.Zero, [], "", 0, [why]);
}
