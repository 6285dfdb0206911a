using System.Text;
using RabbitMQ.Client;

namespace Pressure.Cluster.Tests.Bus;

[Collection(nameof(RabbitCollection))]
public sealed class RabbitMailboxTests(SharedRabbit rabbit)
{
    private readonly CancellationToken _limit = new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    [Fact]
    public async Task A_mailbox_is_a_quorum_queue_that_is_bounded_and_goes_when_nobody_uses_it_for_a_day()
    {
        var options = rabbit.Own();
        await using var bus = await rabbit.BusAsync(options);
        await using var box = await bus.OpenAsync("run.7", 1, _limit);
        var queues = await rabbit.Server.ControlAsync("list_queues", "name", "type", "durable", "arguments");
        var line = Assert.Single(queues.Split('\n'), l => l.StartsWith(options.Prefix + "mailbox.run.7", StringComparison.Ordinal));
        Assert.Contains("quorum\ttrue", line);
        foreach (var expected in new[] { "\"x-expires\",86400000", "\"x-max-length\",100000", "\"x-overflow\",\"reject-publish\"", "\"x-delivery-limit\",25" })
            Assert.Contains(expected, line);
    }

    [Fact]
    public async Task An_unused_mailbox_goes_by_itself()
    {
        await using var bus = await rabbit.BusAsync(rabbit.Own() with { Unused = TimeSpan.FromSeconds(1) });
        await (await bus.OpenAsync("a", 1, _limit)).DisposeAsync();
        while (true)
        {
            try
            {
                await bus.SendAsync("a", new("x", new byte[1]), _limit);
                await Task.Delay(200, _limit);
            }
            catch (BusException e)
            {
                Assert.Contains("no mailbox a", e.Message);
                break;
            }
        }
    }

    [Fact]
    public async Task A_full_mailbox_refuses_and_takes_again_when_there_is_room()
    {
        await using var bus = await rabbit.BusAsync(rabbit.Own() with { MostWaiting = 3 });
        var box = await bus.OpenAsync("a", 1, _limit);
        await box.DisposeAsync();
        var sent = 0;
        // The broker's count is a little behind.
        var refused = await Assert.ThrowsAsync<BusException>(async () =>
        {
            for (; sent < 100; sent++)
                await bus.SendAsync("a", Number(sent), _limit);
        });
        Assert.Contains("mailbox a is full", refused.Message);
        Assert.InRange(sent, 3, 10);
        await using var next = await bus.OpenAsync("a", 1, _limit);
        await foreach (var delivery in next.ReadAsync(_limit))
        {
            await delivery.AcknowledgeAsync();
            if (Of(delivery.Message) == sent - 1)
                break;
        }
        await bus.SendAsync("a", Number(sent), _limit);
    }

    [Fact]
    public async Task A_mailbox_that_another_machine_reads_is_taken_until_its_connection_ends()
    {
        var options = rabbit.Own();
        await using var here = await rabbit.BusAsync(options);
        var there = await rabbit.BusAsync(options);
        await there.OpenAsync("worker.a", 1, _limit);
        await Assert.ThrowsAsync<MailboxTakenException>(() => here.OpenAsync("worker.a", 1, _limit));
        await here.SendAsync("worker.a", Number(1), _limit);
        await there.DisposeAsync();
        await using var box = await here.OpenAsync("worker.a", 1, _limit);
        Assert.Equal(1, Of((await NextAsync(box)).Message));
    }

    [Fact]
    public async Task Installations_with_other_prefixes_share_a_broker_and_nothing_else()
    {
        await using var one = await rabbit.BusAsync();
        await using var two = await rabbit.BusAsync();
        await using var box = await one.OpenAsync("a", 1, _limit);
        await using var listener = await one.ListenAsync("t", _limit);
        await using var other = await two.OpenAsync("a", 1, _limit);
        await two.TellAsync("t", Number(1), _limit);
        await one.TellAsync("t", Number(2), _limit);
        await two.SendAsync("a", Number(3), _limit);
        await one.SendAsync("a", Number(4), _limit);
        Assert.Equal(4, Of((await NextAsync(box)).Message));
        await foreach (var heard in listener.ReadAsync(_limit))
        {
            Assert.Equal(2, Of(heard));
            break;
        }
    }

    [Fact]
    public async Task A_message_that_kills_its_readers_goes_to_the_dead_letters_with_the_reason_and_is_counted()
    {
        var options = rabbit.Own() with { MostDeliveries = 3 };
        await using var sender = await rabbit.BusAsync(options);
        await (await sender.OpenAsync("a", 1, _limit)).DisposeAsync();
        await sender.SendAsync("a", new("poison", new byte[] { 6 }), _limit);
        await sender.SendAsync("a", Number(2), _limit);
        for (var death = 0; death < options.MostDeliveries; death++)
        {
            await using var victim = await rabbit.BusAsync(options);
            Assert.Equal("poison", (await NextAsync(await victim.OpenAsync("a", 1, _limit))).Message.Kind);
        }
        await using var reader = await rabbit.BusAsync(options);
        await using var box = await reader.OpenAsync("a", 1, _limit);
        Assert.Equal(2, Of((await NextAsync(box)).Message));
        Assert.Equal(1, reader.Counts.Refused);
        var (kind, why, mailbox) = await DeadLetterAsync(reader, options);
        Assert.Equal(("poison", "a"), (kind, mailbox));
        Assert.Contains("3 times", why);
    }

    [Fact]
    public async Task A_refused_message_is_found_among_the_dead_letters_with_the_reason()
    {
        var options = rabbit.Own();
        await using var bus = await rabbit.BusAsync(options);
        await using var box = await bus.OpenAsync("run.1", 1, _limit);
        await bus.SendAsync("run.1", new("gibberish", new byte[] { 1 }), _limit);
        await (await NextAsync(box)).RefuseAsync("not JSON");
        Assert.Equal(("gibberish", "not JSON", "run.1"), await DeadLetterAsync(bus, options));
    }

    [Fact]
    public async Task What_strangers_put_into_a_mailbox_comes_as_it_is_unless_it_is_too_long()
    {
        var options = rabbit.Own();
        await using var bus = await rabbit.BusAsync(options);
        await using var box = await bus.OpenAsync("a", 1, _limit);
        await using (var connection = await ConnectAsync())
        await using (var channel = await connection.CreateChannelAsync(cancellationToken: _limit))
        {
            await channel.BasicPublishAsync("", options.Prefix + "mailbox.a", new byte[BusMessage.MostBytes + 1], _limit);
            await channel.BasicPublishAsync("", options.Prefix + "mailbox.a", "hello"u8.ToArray(), _limit);
        }
        var delivery = await NextAsync(box);
        Assert.Equal(("", "hello"), (delivery.Message.Kind, Encoding.UTF8.GetString(delivery.Message.Body.Span)));
        Assert.Equal(1, bus.Counts.Refused);
    }

    [Fact]
    public async Task A_queue_that_an_operator_made_in_another_shape_is_used_as_it_is()
    {
        var options = rabbit.Own();
        await using (var connection = await ConnectAsync())
        await using (var channel = await connection.CreateChannelAsync(cancellationToken: _limit))
            await channel.QueueDeclareAsync(options.Prefix + "mailbox.a", durable: true, exclusive: false, autoDelete: false, cancellationToken: _limit);
        await using var bus = await rabbit.BusAsync(options);
        await using var box = await bus.OpenAsync("a", 1, _limit);
        await bus.SendAsync("a", Number(5), _limit);
        Assert.Equal(5, Of((await NextAsync(box)).Message));
    }

    private async Task<(string? Kind, string Why, string Mailbox)> DeadLetterAsync(RabbitBus bus, RabbitBusOptions options)
    {
        // A passive declaration counts what is ready, a moment later.
        while (await bus.CountDeadLettersAsync(_limit) == 0)
            await Task.Delay(50, _limit);
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(cancellationToken: _limit);
        var letter = await channel.BasicGetAsync(options.Prefix + "dead", autoAck: true, _limit);
        string Header(string name) => Encoding.UTF8.GetString((byte[])letter!.BasicProperties.Headers![name]!);
        return (letter!.BasicProperties.Type, Header(BrokerObjects.WhyHeader), Header(BrokerObjects.MailboxHeader));
    }

    private Task<IConnection> ConnectAsync() => new ConnectionFactory { Uri = new Uri(rabbit.Server.Address) }.CreateConnectionAsync(_limit);

    private async Task<BusDelivery> NextAsync(IMailbox box)
    {
        await foreach (var delivery in box.ReadAsync(_limit))
            return delivery;
        throw new InvalidOperationException("The mailbox ended.");
    }

    private static BusMessage Number(int number) => new("number", BitConverter.GetBytes(number));

    private static int Of(BusMessage message) => BitConverter.ToInt32(message.Body.Span);
}
