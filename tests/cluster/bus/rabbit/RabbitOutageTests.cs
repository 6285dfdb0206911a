using System.Collections.Concurrent;
using RabbitMQ.Client;

namespace Pressure.Cluster.Tests.Bus;

[Collection(nameof(RabbitCollection))]
public sealed class RabbitOutageTests(SharedRabbit rabbit)
{
    private readonly CancellationToken _limit = new CancellationTokenSource(TimeSpan.FromMinutes(3)).Token;

    [Fact]
    public async Task A_broker_restarted_twice_under_traffic_loses_nothing()
    {
        var options = rabbit.Own();
        await using var sender = await rabbit.BusAsync(options);
        await using var reader = await rabbit.BusAsync(options);
        await using var box = await reader.OpenAsync("a", unacknowledged: 20, _limit);
        await (await reader.OpenAsync("unread", 1, _limit)).DisposeAsync();
        for (var i = 0; i < 50; i++)
            await sender.SendAsync("unread", Number(i), _limit);
        var seen = new ConcurrentDictionary<int, int>();
        var reading = ReadAsync(box, seen);
        using var enough = new CancellationTokenSource();
        var sending = Enumerable.Range(0, 4).Select(lane => SendAsync(sender, lane, enough.Token)).ToList();
        for (var restart = 0; restart < 2; restart++)
        {
            var before = seen.Count;
            await UntilAsync(() => seen.Count > before + 200);
            // Once in order, once as a power cut.
            await (restart == 0 ? rabbit.Server.RestartAsync() : KillAndStartAsync());
        }
        var atLast = seen.Count;
        await UntilAsync(() => seen.Count > atLast + 200);
        await enough.CancelAsync();
        var sent = (await Task.WhenAll(sending)).Sum();
        await UntilAsync(() => seen.Count >= sent);
        Assert.Equal(sent, seen.Count);
        Assert.Equal(sent + 50, sender.Counts.Sent);
        Assert.Equal((2, 2), (sender.Counts.Interruptions, reader.Counts.Interruptions));
        // Only what was under way when the broker went may have come twice.
        Assert.InRange(seen.Values.Sum() - sent, 0, 2 * (4 + 20));
        await using var unread = await reader.OpenAsync("unread", 1, _limit);
        for (var i = 0; i < 50; i++)
            Assert.Equal(i, Of(await NextAsync(unread)));
        await reader.DisposeAsync();
        await reading;
    }

    [Fact]
    public async Task While_the_broker_is_away_sending_waits_and_telling_fails_and_all_goes_on_afterwards()
    {
        var notices = new ConcurrentQueue<BusNotice>();
        await using var bus = await rabbit.BusAsync(rabbit.Own() with { Limit = TimeSpan.FromMinutes(2) }, notices.Enqueue);
        await using var hasty = await rabbit.BusAsync(bus.Options with { Limit = TimeSpan.FromSeconds(1) });
        await using var box = await bus.OpenAsync("a", 1, _limit);
        await using var listener = await bus.ListenAsync("t", _limit);
        await rabbit.Server.StopAsync();
        await UntilAsync(() => !bus.IsConnected && !hasty.IsConnected);
        var waiting = bus.SendAsync("a", Number(1), _limit).AsTask();
        var opening = bus.OpenAsync("b", 1, _limit);
        Assert.Contains("no connection", (await Assert.ThrowsAsync<BusException>(async () => await bus.TellAsync("t", Number(0), _limit))).Message);
        var failed = await Assert.ThrowsAsync<BusException>(async () => await hasty.SendAsync("a", Number(9), _limit));
        Assert.Contains("no connection to the broker", failed.Message);
        Assert.Contains("longer than 1 s", failed.Message);
        await Assert.ThrowsAsync<BusException>(() => hasty.RemoveAsync("a", _limit));
        Assert.False(waiting.IsCompleted);
        await rabbit.Server.StartAgainAsync();
        await waiting;
        await (await opening).DisposeAsync();
        Assert.Equal(1, Of(await NextAsync(box)));
        var heard = listener.ReadAsync(_limit).GetAsyncEnumerator(_limit).MoveNextAsync().AsTask();
        while (!heard.IsCompleted)
        {
            await bus.TellAsync("t", Number(2), _limit);
            await Task.Delay(100, _limit);
        }
        Assert.True(await heard);
        await UntilAsync(() => notices.Count == 3);
        Assert.Equal([typeof(BusNotice.Connected), typeof(BusNotice.Away), typeof(BusNotice.Connected)], notices.Select(n => n.GetType()));
        Assert.Equal(1, bus.Counts.Interruptions);
    }

    [Fact]
    public async Task A_lost_connection_brings_what_was_not_acknowledged_to_the_same_reader_again()
    {
        await using var bus = await rabbit.BusAsync();
        await using var box = await bus.OpenAsync("a", unacknowledged: 2, _limit);
        await bus.SendAsync("a", Number(1), _limit);
        await bus.SendAsync("a", Number(2), _limit);
        await using var deliveries = box.ReadAsync(_limit).GetAsyncEnumerator(_limit);
        Assert.True(await deliveries.MoveNextAsync());
        var old = deliveries.Current;
        await (await bus.Reading.ConnectionAsync(_limit)).AbortAsync();
        List<int> again = [];
        while (again is not [.., 2] && await deliveries.MoveNextAsync())
        {
            // Of no use any more, and not of any harm.
            await old.AcknowledgeAsync();
            again.Add(Of(deliveries.Current.Message));
            await deliveries.Current.AcknowledgeAsync();
        }
        Assert.Equal([1, 2], again[^2..]);
        Assert.Equal(1, bus.Counts.Interruptions);
    }

    [Fact]
    public async Task A_broker_without_memory_blocks_senders_who_are_told_while_readers_go_on()
    {
        var notices = new ConcurrentQueue<BusNotice>();
        await using var bus = await rabbit.BusAsync(rabbit.Own() with { Limit = TimeSpan.FromSeconds(2) }, notices.Enqueue);
        await using var box = await bus.OpenAsync("a", unacknowledged: 1, _limit);
        for (var i = 0; i < 10; i++)
            await bus.SendAsync("a", Number(i), _limit);
        await rabbit.Server.AlarmAsync();
        try
        {
            var failed = await Assert.ThrowsAsync<BusException>(async () => await bus.SendAsync("a", Number(10), _limit));
            Assert.Contains("takes no messages", failed.Message);
            Assert.Contains("memory", failed.Message);
            Assert.False(bus.IsConnected);
            await Assert.ThrowsAsync<BusException>(async () => await bus.TellAsync("t", Number(0), _limit));
            for (var i = 0; i < 10; i++)
                Assert.Equal(i, Of(await NextAsync(box)));
        }
        finally
        {
            await rabbit.Server.CalmAsync();
        }
        await UntilAsync(() => bus.IsConnected);
        await bus.SendAsync("a", Number(11), _limit);
        // The one that failed had left already.
        Assert.Equal(10, Of(await NextAsync(box)));
        Assert.Equal(11, Of(await NextAsync(box)));
        Assert.Equal((1, 0), (bus.Counts.Blockings, bus.Counts.Interruptions));
        Assert.Equal([typeof(BusNotice.Connected), typeof(BusNotice.Blocked), typeof(BusNotice.Unblocked)], notices.Select(n => n.GetType()));
    }

    private async Task KillAndStartAsync()
    {
        await rabbit.Server.KillAsync();
        await rabbit.Server.StartAgainAsync();
    }

    private async Task ReadAsync(IMailbox box, ConcurrentDictionary<int, int> seen)
    {
        await foreach (var delivery in box.ReadAsync(_limit))
        {
            seen.AddOrUpdate(Of(delivery), 1, (_, times) => times + 1);
            await delivery.AcknowledgeAsync();
        }
    }

    private async Task<int> SendAsync(RabbitBus bus, int lane, CancellationToken enough)
    {
        var sent = 0;
        for (; !enough.IsCancellationRequested; sent++)
            await bus.SendAsync("a", Number(sent * 4 + lane), _limit);
        return sent;
    }

    private async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
            await Task.Delay(20, _limit);
    }

    private async Task<BusDelivery> NextAsync(IMailbox box)
    {
        await foreach (var delivery in box.ReadAsync(_limit))
        {
            await delivery.AcknowledgeAsync();
            return delivery;
        }
        throw new InvalidOperationException("The mailbox ended.");
    }

    private static BusMessage Number(int number) => new("number", BitConverter.GetBytes(number));

    private static int Of(BusDelivery delivery) => Of(delivery.Message);

    private static int Of(BusMessage message) => BitConverter.ToInt32(message.Body.Span);
}
