namespace Pressure.Web;

/// <summary>Settings of the web service.</summary>
/// <param name="Url">Where to listen: <c>http://127.0.0.1:5100</c>; port 0 takes a free one.</param>
/// <param name="RunsFolder">Where run folders lie.</param>
/// <param name="Allow">Hosts that may be pressed besides loopback.</param>
public sealed record WebOptions(string Url, string RunsFolder, IReadOnlyList<string> Allow);

/// <summary>The web service: pages, REST API, live view.</summary>
public sealed class WebService : IAsyncDisposable
{
    /// <summary>The address that it listens on, e.g. <c>http://127.0.0.1:5100</c>.</summary>
    public string Url => throw new NotImplementedException();

    /// <summary>Starts listening.</summary>
    /// <exception cref="IOException">The address is taken, or the runs folder can't be written.</exception>
    public static Task<WebService> StartAsync(WebOptions options, TimeProvider time) => throw new NotImplementedException();

    /// <summary>Completes when the service has been asked to end.</summary>
    public Task WaitForShutdownAsync(CancellationToken stop) => throw new NotImplementedException();

    /// <summary>Stops running tests (reports are written) and the listener.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
