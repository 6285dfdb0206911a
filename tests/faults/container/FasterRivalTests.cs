using System.Net.Sockets;
using System.Text;

namespace Pressure.Faults.Tests;

/// <summary>Two who chose the same container at the same time; one of them is faster.</summary>
public sealed class FasterRivalTests(EngineFixture engine) : IClassFixture<EngineFixture>
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task The_slower_one_finds_it_paused_and_touches_nothing()
    {
        await using var container = await engine.SleeperAsync();
        var (fault, intent) = await engine.IntendAsync("container-pause", await engine.TargetAsync(container));
        await engine.Engine.AskAsync(HttpMethod.Post, $"containers/{container.Id}/pause");

        Assert.True((await Assert.ThrowsAsync<FaultException>(() => fault.ApplyAsync(intent, Never))).NothingTouched);
    }

    [Fact]
    public async Task What_somebody_stopped_in_between_is_not_struck_and_not_started()
    {
        await using var container = await engine.SleeperAsync();
        var (fault, intent) = await engine.IntendAsync("container-kill", await engine.TargetAsync(container));
        await engine.Engine.AskAsync(HttpMethod.Post, $"containers/{container.Id}/stop?t=0");

        Assert.True((await Assert.ThrowsAsync<FaultException>(() => fault.ApplyAsync(intent, Never))).NothingTouched);
    }

    [Fact]
    public async Task A_pause_that_comes_between_the_last_look_and_ours_is_left_alone_too()
    {
        using var folder = new TempFolder();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(folder.File("engine.sock")));
        listener.Listen();
        var target = new FaultTarget.Container(new string('a', 64), "items", "2026");
        var fault = ContainerFaults.All(new(TimeProvider.System, folder.File("engine.sock"), folder.Path)).Single(f => f.Description.Kind == "container-pause");
        var intent = EngineFixture.Intent(new(fault.Description.Kind, target, TimeSpan.FromMinutes(1)), []);

        var applying = fault.ApplyAsync(intent, TestContext.Current.CancellationToken);
        await AnswerAsync(listener, "200 OK", $$$"""{"Id":"{{{target.Id}}}","Name":"/items","State":{"Running":true,"Paused":false,"StartedAt":"2026"}}""");
        await AnswerAsync(listener, "409 Conflict", """{"message":"Container items is already paused"}""");

        Assert.True((await Assert.ThrowsAsync<FaultException>(() => applying)).NothingTouched);
    }

    private static async Task AnswerAsync(Socket listener, string status, string body)
    {
        using var connection = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        await connection.ReceiveAsync(new byte[64 * 1024], TestContext.Current.CancellationToken);
        await connection.SendAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}"), TestContext.Current.CancellationToken);
        connection.Shutdown(SocketShutdown.Both);
    }
}
