using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Pressure.Cluster;

/// <summary>Listens to a topic over whatever connection there is. While there is none it hears nothing.</summary>
internal sealed class RabbitListener : IListener
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly RabbitBus _bus;
    private readonly string _topic;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<BusMessage> _messages;
    private Task _keeping = Task.CompletedTask;
    private int _closed;

    public RabbitListener(RabbitBus bus, string topic)
    {
        (_bus, _topic) = (bus, topic);
        // What is not read in time is dropped here, where it can be counted; the broker's own bound is for a process that stands still.
        _messages = Channel.CreateBounded<BusMessage>(new BoundedChannelOptions(InProcessBus.TopicCapacity) { FullMode = BoundedChannelFullMode.DropOldest }, _ => bus.CountDropped());
    }

    public async Task OpenAsync(CancellationToken stop) => _keeping = KeepAsync(await ConsumeAsync(stop));

    public IAsyncEnumerable<BusMessage> ReadAsync(CancellationToken stop = default) => _messages.Reader.ReadAllAsync(stop);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 1)
            return;
        await _stop.CancelAsync();
        await _keeping;
        _messages.Writer.TryComplete();
        _bus.Forget(this);
        _stop.Dispose();
    }

    private async Task KeepAsync((IChannel Channel, Task Ended) listening)
    {
        try
        {
            while (true)
            {
                try
                {
                    await listening.Ended.WaitAsync(_stop.Token);
                }
                finally
                {
                    await CloseAsync(listening.Channel);
                }
                listening = await ConsumeAsync(_stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

    private async Task<(IChannel Channel, Task Ended)> ConsumeAsync(CancellationToken stop)
    {
        while (true)
        {
            try
            {
                var connection = await _bus.Reading.ConnectionAsync(stop);
                var channel = await connection.CreateChannelAsync(cancellationToken: stop);
                try
                {
                    return (channel, await ConsumeAsync(channel, stop));
                }
                catch
                {
                    await CloseAsync(channel);
                    throw;
                }
            }
            catch (Exception e) when (BrokerErrors.IsLoss(e, stop))
            {
                await Task.Delay(Pause, _bus.Options.Time, stop);
            }
        }
    }

    private async Task<Task> ConsumeAsync(IChannel channel, CancellationToken stop)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var queue = await _bus.Objects.DeclareListenerAsync(channel, _topic, stop);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivered) =>
        {
            if (delivered.Body.Length <= BusMessage.MostToldBytes)
                _messages.Writer.TryWrite(new(delivered.BasicProperties.Type ?? "", delivered.Body.ToArray()));
            return Task.CompletedTask;
        };
        Task End()
        {
            ended.TrySetResult();
            return Task.CompletedTask;
        }
        channel.ChannelShutdownAsync += (_, _) => End();
        consumer.UnregisteredAsync += (_, _) => End();
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer, stop);
        return ended.Task;
    }

    private static async Task CloseAsync(IChannel channel)
    {
        try
        {
            await channel.DisposeAsync();
        }
        catch (Exception e) when (BrokerErrors.IsLoss(e, CancellationToken.None))
        {
            // It went with its connection.
        }
    }
}
