namespace Pressure.LoadGen.Engine;

/// <summary>A request on a socket made ready.</summary>
internal sealed class SocketRequest
{
    private readonly ResponseChecks _checks;

    /// <summary>Prepares a request that has a <see cref="Step.Request.Socket"/>.</summary>
    public SocketRequest(Step.Request request, HttpOptions options, string runId)
    {
        (Action, Url) = (request.Socket!, request.Url);
        var message = Action as SocketAction.Message;
        _checks = new(message?.Expect?.Checks ?? [], request.Extracts);
        Limit = request.Timeout ?? options.Timeout;
        ConnectLimit = options.ConnectTimeout;
        // A handshake is a GET of HTTP/1.1 whose connection is kept for good.
        if (Action is SocketAction.Connect && Url.Scheme != UrlText.Tcp)
            Handshake = new(request with { Method = "GET" }, options with { Version = new(1, 1), KeepAlive = true }, runId);
    }

    /// <summary>What it does.</summary>
    public SocketAction Action { get; }

    /// <summary>The connection's URL.</summary>
    public Uri Url { get; }

    /// <summary>The handshake of a WebSocket; null for anything else.</summary>
    public HandlerRequest? Handshake { get; }

    /// <summary>Time for the whole.</summary>
    public TimeSpan Limit { get; }

    /// <summary>Time for a TCP connection.</summary>
    public TimeSpan ConnectLimit { get; }

    /// <summary>What is waited for, with this iteration's values.</summary>
    public Match MatchOf(Expectation expect, IterationScope? scope) => new(expect.Contains?.Render(scope!), _checks);

    /// <summary>Takes the values for later steps out of the expected message; false if one is missing.</summary>
    public bool Take(ReadOnlySpan<byte> message, IterationScope? scope, List<string>? failures)
    {
        if (_checks.Extracts.Count == 0)
            return true;
        var body = new BodyCheck();
        body.Begin(_checks);
        body.Write(message);
        var all = _checks.Take(body, scope, Url, failures);
        body.Release();
        return all;
    }
}
