using System.Net.Sockets;
using System.Text;

namespace Pressure.Agent.Tests;

public sealed class EngineNamesTests : IDisposable
{
    private const string Id = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";

    private readonly TempFolder _temp = new();
    private readonly FakeTime _time = new();
    private readonly Container _container = new(new ContainerPath(Id, true, "/x", "/x", "/x"));

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Without_an_engine_the_id_is_the_name_at_once()
    {
        new EngineNames([_temp.File("none.sock")], _time).Ask([_container]);

        Assert.True(_container.IsAsked);
        Assert.Equal(Id[..12], _container.Name);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_engine_tells_the_name_and_is_asked_again_after_a_minute()
    {
        var restarts = 0;
        using var listener = Listen("docker.sock", request =>
        {
            Assert.StartsWith($"GET /containers/{Id}/json HTTP/1.0\r\n", request);
            return $$"""{"Name":"/orders-1","RestartCount":{{restarts++}}}""";
        });
        var names = new EngineNames([_temp.File("none.sock"), _temp.File("docker.sock")], _time);

        names.Ask([_container]);
        await Until(() => _container.IsAsked);
        Assert.Equal(new ContainerLabels("orders-1", null, 0), _container.Labels);
        names.Ask([_container]);
        _time.Advance(TimeSpan.FromMinutes(1));
        await Until(() =>
        {
            names.Ask([_container]);
            return _container.Labels!.Restarts == 1;
        });
        Assert.Equal(2, restarts);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_name_once_known_stays_when_the_engine_goes_away()
    {
        var names = new EngineNames([_temp.File("docker.sock")], _time);
        using (Listen("docker.sock", _ => """{"Name":"/orders-1"}"""))
        {
            names.Ask([_container]);
            await Until(() => _container.IsAsked);
        }
        _time.Advance(TimeSpan.FromMinutes(2));
        names.Ask([_container]);
        await Until(() => _container.AskedAt == _time.GetTimestamp());

        Assert.Equal("orders-1", _container.Name);
    }

    private Socket Listen(string name, Func<string, string> answer)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(_temp.File(name)));
        listener.Listen();
        _ = Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    using var client = await listener.AcceptAsync();
                    var request = new byte[4096];
                    var length = await client.ReceiveAsync(request);
                    var body = answer(Encoding.ASCII.GetString(request, 0, length));
                    await client.SendAsync(Encoding.UTF8.GetBytes("HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n"));
                    await client.SendAsync(Encoding.UTF8.GetBytes(body));
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        });
        return listener;
    }

    private static async Task Until(Func<bool> condition)
    {
        while (!condition())
            await Task.Delay(10, TestContext.Current.CancellationToken);
    }
}
