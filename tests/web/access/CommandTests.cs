using System.Text.Json;
using Pressure.Agent;
using Pressure.Web.Access;

namespace Pressure.Web.Tests.Access;

public sealed class CommandTests : IAsyncLifetime
{
    private RunningAccess _access = null!;
    private RawAgent _agent = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _access = await RunningAccess.StartAsync(new AccessLimits { Commands = 3, QueueBytes = 256 * 1024, SendTime = TimeSpan.FromSeconds(1) });
        _agent = await _access.ConnectAsync(await _access.EnrolAsync());
        Assert.NotNull(_agent.Welcome);
    }

    public async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        await _access.DisposeAsync();
    }

    [Fact]
    public async Task A_result_finds_its_command_whatever_the_order()
    {
        var first = SendAsync("one");
        var second = SendAsync("two");
        var one = await _agent.NextAsync<Frame.Command>();
        var two = await _agent.NextAsync<Frame.Command>();
        await _agent.SendAsync(new Frame.Result(999, "nobody asked"));
        await _agent.SendAsync(new Frame.Result(two.Id, two.Name));
        await _agent.SendAsync(new Frame.Result(one.Id, one.Name));
        Assert.Equal(("one", "two"), ((await first).Error, (await second).Error));
    }

    [Fact]
    public async Task A_command_that_takes_too_long_is_cancelled_and_its_late_result_dropped()
    {
        var result = await _access.Server.SendAsync("web1", "slow", null, TimeSpan.FromMilliseconds(50), Stop);
        Assert.Contains("slow", result.Error, StringComparison.Ordinal);
        var slow = await _agent.NextAsync<Frame.Command>();
        Assert.Equal(slow.Id, (await _agent.NextAsync<Frame.Cancel>()).Id);
        await _agent.SendAsync(new Frame.Result(slow.Id));
        var next = SendAsync("next");
        await _agent.SendAsync(new Frame.Result((await _agent.NextAsync<Frame.Command>()).Id, "the next one's"));
        Assert.Equal("the next one's", (await next).Error);
    }

    [Fact]
    public async Task A_command_that_nobody_wants_any_more_is_cancelled()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var sending = _access.Server.SendAsync("web1", "slow", null, TimeSpan.FromMinutes(1), stop.Token);
        await _agent.NextAsync<Frame.Command>();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        await _agent.NextAsync<Frame.Cancel>();
    }

    [Fact]
    public async Task Commands_under_way_are_bounded()
    {
        var sent = Enumerable.Range(0, 3).Select(i => SendAsync($"{i}")).ToList();
        Assert.Contains("3 commands", (await SendAsync("one too many")).Error, StringComparison.Ordinal);
        for (var i = 0; i < 3; i++)
            await _agent.SendAsync(new Frame.Result((await _agent.NextAsync<Frame.Command>()).Id));
        Assert.All(await Task.WhenAll(sent), r => Assert.Null(r.Error));
    }

    [Fact]
    public async Task A_connection_that_ends_answers_for_its_agent()
    {
        var sending = SendAsync("lost");
        await _agent.NextAsync<Frame.Command>();
        _agent.Cut();
        Assert.Contains("web1", (await sending).Error, StringComparison.Ordinal);
        Assert.Contains("not connected", (await SendAsync("again")).Error, StringComparison.Ordinal);
        Assert.Contains("nobody", (await _access.Server.SendAsync("nobody", "echo", null, TimeSpan.FromSeconds(1), Stop)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_takes_nothing_of_what_is_sent_to_it_is_put_out()
    {
        // Nobody reads at the agent's side; the kernel's buffers and the queue fill up.
        var body = JsonSerializer.SerializeToElement(new string('x', 100_000));
        while (_access.Server.Find("web1")!.Connected)
        {
            Assert.NotNull((await _access.Server.SendAsync("web1", "much", body, TimeSpan.FromMilliseconds(20), Stop)).Error);
            await Task.Delay(1, Stop);
        }
        Assert.Null(_access.Server.Find("web1")!.Left);
    }

    private Task<Frame.Result> SendAsync(string name) => _access.Server.SendAsync("web1", name, null, TimeSpan.FromMinutes(1), Stop);
}
