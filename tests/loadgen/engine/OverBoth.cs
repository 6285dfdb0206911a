namespace Pressure.LoadGen.Tests.Engine;

/// <summary>Tests that hold whether TLS lies between the engine and its target or not.</summary>
public abstract class OverBoth(bool tls)
{
    /// <summary>The scheme of the target.</summary>
    protected string Scheme => tls ? "https" : "http";

    private protected RawServer Answering(string response = RawServer.Ok, int port = 0) => RawServer.Answering(response, port, tls);

    private protected RawServer Serving(Func<RawConnection, Task> serve) => new(serve, tls: tls);
}
