using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Pressure.Cluster;

/// <summary>What a bus makes at a broker: names and shapes.</summary>
/// <remarks>
/// <code>
///  PREFIX mailbox.NAME  quorum queue     a mailbox
///  PREFIX reader.NAME   exclusive queue  there while somebody reads the mailbox, gone with their connection
///  PREFIX topics        direct exchange  topics by routing key; each listener has a queue of its own
///  PREFIX dead          fanout exchange and quorum queue: dead letters
/// </code>
/// </remarks>
internal sealed class BrokerObjects(RabbitBusOptions options)
{
    /// <summary>Header of a dead letter: why nobody could make anything of it.</summary>
    public const string WhyHeader = "pressure-why";

    /// <summary>Header of a dead letter: where it had been.</summary>
    public const string MailboxHeader = "pressure-mailbox";

    private const int MostDead = 10_000;
    private const long MostDeadBytes = 256 << 20;
    private const int MostTold = 1_024;
    private const int MostToldBytes = 64 << 20;

    public string Topics => options.Prefix + "topics";

    public string Dead => options.Prefix + "dead";

    public string Mailbox(string name) => $"{options.Prefix}mailbox.{name}";

    public string Reader(string name) => $"{options.Prefix}reader.{name}";

    /// <summary>Makes what everybody needs.</summary>
    public async Task DeclareSharedAsync(IConnection connection, CancellationToken stop)
    {
        await DeclareAsync(connection, c => c.ExchangeDeclareAsync(Topics, ExchangeType.Direct, durable: true, cancellationToken: stop), c => c.ExchangeDeclarePassiveAsync(Topics, stop), stop);
        await DeclareAsync(connection, c => c.ExchangeDeclareAsync(Dead, ExchangeType.Fanout, durable: true, cancellationToken: stop), c => c.ExchangeDeclarePassiveAsync(Dead, stop), stop);
        await DeclareQueueAsync(connection, Dead, new()
        {
            ["x-max-length"] = MostDead,
            ["x-max-length-bytes"] = MostDeadBytes,
            ["x-overflow"] = "drop-head",
        }, stop);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stop);
        await channel.QueueBindAsync(Dead, Dead, "", cancellationToken: stop);
    }

    /// <summary>Makes a mailbox.</summary>
    public Task DeclareMailboxAsync(IConnection connection, string name, CancellationToken stop) => DeclareQueueAsync(connection, Mailbox(name), new()
    {
        ["x-max-length"] = options.MostWaiting,
        ["x-max-length-bytes"] = options.MostWaitingBytes,
        ["x-overflow"] = "reject-publish",
        ["x-dead-letter-exchange"] = Dead,
        // A little more than the reader's own count: it says why, the broker does not.
        ["x-delivery-limit"] = options.MostDeliveries + 5,
        ["x-expires"] = (long)options.Unused.TotalMilliseconds,
    }, stop);

    /// <summary>Whether a mailbox is certainly not there.</summary>
    public async Task<bool> IsMissingAsync(IConnection connection, string name, CancellationToken stop)
    {
        try
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: stop);
            await channel.QueueDeclarePassiveAsync(Mailbox(name), stop);
            return false;
        }
        catch (Exception e) when (BrokerErrors.IsLoss(e, stop))
        {
            return BrokerErrors.IsMissing(e);
        }
    }

    /// <summary>Makes a queue of a listener on its channel; its name.</summary>
    public async Task<string> DeclareListenerAsync(IChannel channel, string topic, CancellationToken stop)
    {
        var arguments = new Dictionary<string, object?> { ["x-max-length"] = MostTold, ["x-max-length-bytes"] = MostToldBytes, ["x-overflow"] = "drop-head" };
        var queue = await channel.QueueDeclareAsync("", durable: false, exclusive: true, autoDelete: true, arguments, cancellationToken: stop);
        await channel.QueueBindAsync(queue.QueueName, Topics, topic, cancellationToken: stop);
        return queue.QueueName;
    }

    // Where a policy forbids quorum queues, or this installation's operator has made the queue already, another durable one does.
    private static async Task DeclareQueueAsync(IConnection connection, string name, Dictionary<string, object?> arguments, CancellationToken stop)
    {
        try
        {
            var quorum = new Dictionary<string, object?>(arguments) { ["x-queue-type"] = "quorum" };
            await DeclareAsync(connection, c => c.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, quorum, cancellationToken: stop), c => c.QueueDeclarePassiveAsync(name, stop), stop);
        }
        catch (OperationInterruptedException e) when (BrokerErrors.IsMissing(e))
        {
            arguments.Remove("x-delivery-limit");
            await using var channel = await connection.CreateChannelAsync(cancellationToken: stop);
            await channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: stop);
        }
    }

    // A refusal closes the channel, so each attempt has its own.
    private static async Task DeclareAsync(IConnection connection, Func<IChannel, Task> declare, Func<IChannel, Task> look, CancellationToken stop)
    {
        try
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: stop);
            await declare(channel);
        }
        catch (OperationInterruptedException e) when (BrokerErrors.IsOtherwise(e))
        {
            await LookAsync(connection, look, e, stop);
        }
    }

    private static async Task LookAsync(IConnection connection, Func<IChannel, Task> look, OperationInterruptedException refusal, CancellationToken stop)
    {
        try
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: stop);
            await look(channel);
        }
        catch (OperationInterruptedException e) when (BrokerErrors.IsMissing(e) && BrokerErrors.IsForbidden(refusal))
        {
            // That it is not there is no news: this user may not make it.
            throw refusal;
        }
    }
}
