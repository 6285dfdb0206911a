using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Pressure.Cluster;

/// <summary>Publishes with confirms, and again until a message is confirmed or the limit is over.</summary>
internal sealed class BrokerSender(BrokerLink link, BrokerObjects objects, RabbitBusOptions options) : IAsyncDisposable
{
    private const int MostUnconfirmed = 256;
    private const int LongBytes = 256 << 10;
    private const int MostLongUnconfirmed = 4;
    private const int MostRejections = 4;

    // What is told holds for a moment only.
    private static readonly TimeSpan TellLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // The library's own limiter slows down long before its limit, so it gets none; these two bound what is under way to 128 MiB.
    private static readonly CreateChannelOptions WithConfirms = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, outstandingPublisherConfirmationsRateLimiter: null);

    private readonly SemaphoreSlim _window = new(MostUnconfirmed);
    private readonly SemaphoreSlim _longWindow = new(MostLongUnconfirmed);
    private readonly SemaphoreSlim _opening = new(1);
    private IChannel? _confirming;
    private IChannel? _telling;

    /// <summary>Publishes a message, and returns when it is safe.</summary>
    /// <exception cref="BusException">It is not: the text says why.</exception>
    public async Task SendAsync(string exchange, string key, BasicProperties properties, ReadOnlyMemory<byte> body, string where, CancellationToken stop)
    {
        using var limit = new Limit(options, stop);
        var isLong = body.Length > LongBytes;
        await limit.KeepAsync(() => WaitAsync(isLong, limit.Token), () => link.Trouble);
        try
        {
            await limit.KeepAsync(() => UntilConfirmedAsync(exchange, key, properties, body, where, limit.Token), () => link.Trouble);
        }
        finally
        {
            _window.Release();
            if (isLong)
                _longWindow.Release();
        }
    }

    /// <summary>Publishes a message for whoever listens now.</summary>
    /// <exception cref="BusException">Not connected, or the broker takes nothing.</exception>
    public async Task TellAsync(string topic, BasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken stop)
    {
        if (!link.IsConnected || link.Blocked is not null)
            throw new BusException(link.Trouble);
        using var limit = new Limit(TellLimit, options.Time, stop);
        try
        {
            await limit.KeepAsync(async () =>
            {
                var channel = await ChannelAsync(confirming: false, limit.Token);
                await channel.BasicPublishAsync(objects.Topics, topic, mandatory: false, properties, body, limit.Token);
            }, () => link.Trouble);
        }
        catch (Exception e) when (BrokerErrors.IsLoss(e, stop))
        {
            throw new BusException(link.Trouble, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in new[] { _confirming, _telling }.OfType<IChannel>())
            await channel.DisposeAsync();
    }

    private async Task WaitAsync(bool isLong, CancellationToken stop)
    {
        if (isLong)
            await _longWindow.WaitAsync(stop);
        try
        {
            await _window.WaitAsync(stop);
        }
        catch when (isLong)
        {
            _longWindow.Release();
            throw;
        }
    }

    private async Task UntilConfirmedAsync(string exchange, string key, BasicProperties properties, ReadOnlyMemory<byte> body, string where, CancellationToken stop)
    {
        for (var rejections = 0; ;)
        {
            try
            {
                // While it is blocked the broker reads nothing: what is sent would pile up on the way.
                await link.UnblockedAsync(stop);
                var channel = await ChannelAsync(confirming: true, stop);
                await channel.BasicPublishAsync(exchange, key, mandatory: true, properties, body, stop);
                return;
            }
            catch (PublishException e) when (e.IsReturn)
            {
                throw new BusException($"There is no {where}: its reader has not made it yet, or it was removed.", e);
            }
            catch (PublishException e)
            {
                // A queue that is just changing its leader rejects, too.
                if (++rejections == MostRejections)
                    throw new BusException($"The {where} is full: its reader does not keep up, or is gone. Look for the reader, and send again later.", e);
            }
            catch (Exception e) when (BrokerErrors.IsLoss(e, stop))
            {
                // Whether it arrived nobody knows: it is sent again, and may come twice.
            }
            await Task.Delay(Pause, options.Time, stop);
        }
    }

    private async Task<IChannel> ChannelAsync(bool confirming, CancellationToken stop)
    {
        if ((confirming ? _confirming : _telling) is { IsOpen: true } open)
            return open;
        await _opening.WaitAsync(stop);
        try
        {
            if ((confirming ? _confirming : _telling) is { IsOpen: true } opened)
                return opened;
            var connection = await link.ConnectionAsync(stop);
            var made = await connection.CreateChannelAsync(confirming ? WithConfirms : null, stop);
            if (confirming)
                _confirming = made;
            else
                _telling = made;
            return made;
        }
        finally
        {
            _opening.Release();
        }
    }
}
