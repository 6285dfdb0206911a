namespace Pressure.LoadGen.Tests.Engine;

/// <summary>Tests that hold on the event loop, with TLS and without, and over SocketsHttpHandler.</summary>
public abstract class OverAllLanes(bool tls, bool overHandler)
{
    private protected RawServer Serving(Func<RawConnection, Task> serve) => new(serve, tls: tls);

    /// <summary>Answers each request by what its head says.</summary>
    private protected RawServer Answering(Func<string, string> answer) => Serving(async c =>
    {
        while (await c.ReadRequestAsync() is { } head)
            await c.WriteAsync(answer(head));
    });

    private protected Task<EngineRun> RunAsync(LoadPlan plan) => EngineRun.Of(plan, lanes: 1, overHandler: overHandler);

    private protected static string Ok(string body = "ok") => $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}";
}
