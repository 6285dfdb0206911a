using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Pressure.Mirror.Tests;

/// <summary>The one permit of a breaker that is half open comes back, whatever becomes of its copy.</summary>
public class LostPermitTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_copy_that_can_not_even_be_made_leaves_the_breaker_to_the_next_one()
    {
        var time = new FakeTime();
        var plan = new MirrorPlan(new IPEndPoint(IPAddress.Loopback, 0), new Uri("http://127.0.0.1:1/")) { Copy = new Uri("http://127.0.0.1:2/"), Id = "m1" };
        using var target = new CopyTarget(plan.Copy, plan, time);
        for (var i = 0; i < new BreakerRules().Consecutive; i++)
        {
            Assert.True(target.Breaker.TryEnter(out var permit));
            target.Breaker.Failed(permit);
        }
        time.Advance(new BreakerRules().Pause);

        await Assert.ThrowsAnyAsync<Exception>(() => target.AskAsync(Held("*"), 1, keep: false, Stop));
        Assert.True(target.Breaker.TryEnter(out _));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_request_for_no_path_at_all_is_answered_by_production_and_not_copied()
    {
        await using var rig = await MirrorRig.StartAsync();
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(rig.Mirror.Listening, Stop);
            var stream = socket.GetStream();
            await stream.WriteAsync("OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"u8.ToArray(), Stop);
            Assert.StartsWith("HTTP/1.1 ", await new StreamReader(stream).ReadToEndAsync(Stop), StringComparison.Ordinal);
        }

        await rig.FateAsync(CopyFate.Path);
        Assert.Equal((1L, 0), (rig.Status.Production.Requests, rig.Target.Count));
    }

    private static HeldExchange Held(string target)
    {
        var held = new HeldExchange(1_000, _ => { }, _ => { })
        {
            Connection = new ClientConnection(1, new IPEndPoint(IPAddress.Loopback, 1)),
            Order = 0,
            Began = 0,
            Method = "OPTIONS",
            Target = target,
            Server = new IPEndPoint(IPAddress.Loopback, 2),
        };
        held.Settle(HeldHead.Of(new DefaultHttpContext().Request, target));
        return held;
    }
}
