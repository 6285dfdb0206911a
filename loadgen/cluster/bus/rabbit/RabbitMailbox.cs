using System.Runtime.CompilerServices;
using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Pressure.Cluster;

/// <summary>Reads a queue, again and again over whatever connection there is.</summary>
internal sealed class RabbitMailbox(RabbitBus bus, string name, int unacknowledged) : IMailbox
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stop = new();
    // Prefetch bounds it; what is left of a lost connection is taken out before the next one's come.
    private readonly Channel<RabbitDelivery> _deliveries = Channel.CreateUnbounded<RabbitDelivery>();
    private Task _keeping = Task.CompletedTask;
    private int _closed;

    /// <exception cref="MailboxTakenException">Somebody else reads it.</exception>
    public async Task OpenAsync(CancellationToken stop)
    {
        while (true)
        {
            try
            {
                var reading = await ConsumeAsync(stop);
                _keeping = KeepAsync(reading);
                return;
            }
            catch (Exception e) when (BrokerErrors.IsTaken(e) || BrokerErrors.IsRead(e))
            {
                throw new MailboxTakenException(name);
            }
            catch (Exception e) when (BrokerErrors.IsLoss(e, stop))
            {
                await Task.Delay(Pause, bus.Options.Time, stop);
            }
        }
    }

    public async IAsyncEnumerable<BusDelivery> ReadAsync([EnumeratorCancellation] CancellationToken stop = default)
    {
        await foreach (var delivery in _deliveries.Reader.ReadAllAsync(stop))
        {
            if (!delivery.IsCurrent)
                continue;
            bus.CountDelivered();
            yield return delivery;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 1)
            return;
        await _stop.CancelAsync();
        await _keeping;
        _deliveries.Writer.TryComplete();
        while (_deliveries.Reader.TryRead(out _))
        {
        }
        bus.Forget(name, this);
        _stop.Dispose();
    }

    private async Task KeepAsync(Reading? reading)
    {
        try
        {
            while (true)
            {
                reading ??= await AgainAsync(_stop.Token);
                try
                {
                    await reading.Ended.Task.WaitAsync(_stop.Token);
                }
                finally
                {
                    await CloseAsync(reading);
                }
                if (reading.IsCancelled && await bus.Objects.IsMissingAsync(reading.Connection, name, _stop.Token))
                    break;
                reading = null;
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        _deliveries.Writer.TryComplete();
    }

    private async Task<Reading> AgainAsync(CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return await ConsumeAsync(stop);
            }
            catch (Exception e) when (BrokerErrors.IsLoss(e, stop))
            {
                // Also while the broker still takes the lost connection for alive.
                await Task.Delay(Pause, bus.Options.Time, stop);
            }
        }
    }

    private async Task<Reading> ConsumeAsync(CancellationToken stop)
    {
        var connection = await bus.Reading.ConnectionAsync(stop);
        await bus.Objects.DeclareMailboxAsync(connection, name, stop);
        var channel = await connection.CreateChannelAsync(cancellationToken: stop);
        try
        {
            // Two readers of one mailbox are kept apart by this queue, since quorum queues know no exclusive readers.
            await channel.QueueDeclareAsync(bus.Objects.Reader(name), durable: false, exclusive: true, autoDelete: false, cancellationToken: stop);
            await channel.BasicQosAsync(0, (ushort)unacknowledged, global: false, stop);
            while (_deliveries.Reader.TryRead(out _))
            {
            }
            var reading = new Reading(connection, channel);
            channel.ChannelShutdownAsync += (_, _) => reading.End();
            var consumer = new AsyncEventingBasicConsumer(channel);
            consumer.UnregisteredAsync += (_, _) => reading.Cancel();
            consumer.ReceivedAsync += (_, delivered) => TakeAsync(channel, delivered);
            await channel.BasicConsumeAsync(bus.Objects.Mailbox(name), autoAck: false, consumerTag: "", noLocal: false, exclusive: true, arguments: null, consumer, stop);
            return reading;
        }
        catch
        {
            await channel.DisposeAsync();
            throw;
        }
    }

    private async Task TakeAsync(IChannel channel, BasicDeliverEventArgs delivered)
    {
        // The bytes are the library's again when this returns.
        var message = new BusMessage(delivered.BasicProperties.Type ?? "", delivered.Body.ToArray());
        var delivery = new RabbitDelivery(bus, name, channel, delivered.DeliveryTag, message);
        if (message.Body.Length > BusMessage.MostBytes)
            await delivery.RefuseAsync($"{message.Body.Length} bytes are too many");
        else if (Deliveries(delivered.BasicProperties) >= bus.Options.MostDeliveries)
            await delivery.RefuseAsync($"delivered {bus.Options.MostDeliveries} times, and never dealt with: it may have killed its readers");
        else
            _deliveries.Writer.TryWrite(delivery);
    }

    private static long Deliveries(IReadOnlyBasicProperties properties) =>
        properties.Headers?.TryGetValue("x-delivery-count", out var count) == true && count is IConvertible number and not string ? Convert.ToInt64(number) : 0;

    private async Task CloseAsync(Reading reading)
    {
        try
        {
            await reading.Channel.DisposeAsync();
            if (!reading.Connection.IsOpen)
                return;
            await using var channel = await reading.Connection.CreateChannelAsync();
            await channel.QueueDeleteAsync(bus.Objects.Reader(name));
        }
        catch (Exception e) when (BrokerErrors.IsLoss(e, CancellationToken.None))
        {
            // The queue goes with the connection.
        }
    }

    private sealed record Reading(IConnection Connection, IChannel Channel)
    {
        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // By the broker: the mailbox was removed, or its node is going.
        public bool IsCancelled { get; private set; }

        public Task Cancel()
        {
            IsCancelled = true;
            return End();
        }

        public Task End()
        {
            Ended.TrySetResult();
            return Task.CompletedTask;
        }
    }
}
