using System.Collections.Concurrent;
using RabbitMQ.Client;

namespace Pressure.Cluster;

/// <summary>The bus over RabbitMQ: what a run on many machines needs.</summary>
/// <remarks>
/// It has two connections, since a broker short of memory stops reading from those that publish: readers have to be able to acknowledge then, or it never gets its memory back.
/// Both are made anew, for as long as it takes, whenever they are lost.
/// </remarks>
public sealed class RabbitBus : IBus
{
    private readonly ConcurrentDictionary<string, RabbitMailbox> _mailboxes = new();
    private readonly ConcurrentDictionary<RabbitListener, byte> _listeners = new();
    private readonly BrokerLink _writing;
    private readonly BrokerSender _sender;
    private long _sent;
    private long _told;
    private long _delivered;
    private long _refused;
    private long _dropped;
    private int _closed;

    private RabbitBus(BrokerAddress address, RabbitBusOptions options, string name)
    {
        Options = options;
        Objects = new(options);
        var dialler = new BrokerDialler(address, options.Heartbeat);
        _writing = new(dialler, options, $"{name} (writes)", Objects.DeclareSharedAsync, notice => Noticed?.Invoke(notice));
        Reading = new(dialler, options, $"{name} (reads)", Objects.DeclareSharedAsync, _ => { });
        _sender = new(_writing, Objects, options);
    }

    /// <summary>Tells what befalls it, from the thread that sees it.</summary>
    public event Action<BusNotice>? Noticed;

    /// <inheritdoc/>
    public bool IsConnected => _writing.IsConnected && Reading.IsConnected && _writing.Blocked is null;

    /// <inheritdoc/>
    public BusCounts Counts => new(Interlocked.Read(ref _sent), Interlocked.Read(ref _told), Interlocked.Read(ref _delivered), Interlocked.Read(ref _refused), Interlocked.Read(ref _dropped),
        Math.Max(_writing.Interruptions, Reading.Interruptions), _writing.Blockings);

    internal RabbitBusOptions Options { get; }

    internal BrokerObjects Objects { get; }

    internal BrokerLink Reading { get; }

    /// <summary>Connects to a broker.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="name">What the connections are called in the broker's lists.</param>
    /// <param name="options">How it behaves.</param>
    /// <param name="noticed">Gets to know what befalls it, the first connection included.</param>
    /// <param name="stop">Ends the attempt.</param>
    /// <exception cref="BusException">It can't; the text says why and what to do.</exception>
    public static async Task<RabbitBus> ConnectAsync(BrokerAddress address, string name, RabbitBusOptions? options = null, Action<BusNotice>? noticed = null, CancellationToken stop = default)
    {
        var bus = new RabbitBus(address, options ?? new(), name);
        bus.Noticed += noticed;
        try
        {
            await bus._writing.StartAsync(stop);
            await bus.Reading.StartAsync(stop);
            return bus;
        }
        catch
        {
            await bus.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask SendAsync(string mailbox, BusMessage message, CancellationToken stop = default)
    {
        BusNames.Check(mailbox);
        BusNames.Check(message);
        await _sender.SendAsync("", Objects.Mailbox(mailbox), Properties(message, DeliveryModes.Persistent), message.Body, $"mailbox {mailbox}", stop);
        Interlocked.Increment(ref _sent);
    }

    /// <inheritdoc/>
    public async ValueTask TellAsync(string topic, BusMessage message, CancellationToken stop = default)
    {
        BusNames.Check(topic);
        BusNames.CheckTold(message);
        await _sender.TellAsync(topic, Properties(message, DeliveryModes.Transient), message.Body, stop);
        Interlocked.Increment(ref _told);
    }

    /// <inheritdoc/>
    public async Task<IMailbox> OpenAsync(string mailbox, int unacknowledged = 1, CancellationToken stop = default)
    {
        BusNames.Check(mailbox);
        ArgumentOutOfRangeException.ThrowIfLessThan(unacknowledged, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(unacknowledged, ushort.MaxValue);
        var opened = new RabbitMailbox(this, mailbox, unacknowledged);
        if (!_mailboxes.TryAdd(mailbox, opened))
            throw new MailboxTakenException(mailbox);
        try
        {
            using var limit = new Limit(Options, stop);
            await limit.KeepAsync(() => opened.OpenAsync(limit.Token), () => Reading.Trouble);
            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<IListener> ListenAsync(string topic, CancellationToken stop = default)
    {
        BusNames.Check(topic);
        var listener = new RabbitListener(this, topic);
        _listeners[listener] = 0;
        try
        {
            using var limit = new Limit(Options, stop);
            await limit.KeepAsync(() => listener.OpenAsync(limit.Token), () => Reading.Trouble);
            return listener;
        }
        catch
        {
            await listener.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task RemoveAsync(string mailbox, CancellationToken stop = default)
    {
        BusNames.Check(mailbox);
        return OnReadingAsync(channel => channel.QueueDeleteAsync(Objects.Mailbox(mailbox), cancellationToken: stop), stop);
    }

    /// <summary>How many dead letters are at the broker, whoever left them.</summary>
    /// <exception cref="BusException">Not connected.</exception>
    public async Task<long> CountDeadLettersAsync(CancellationToken stop = default)
    {
        var count = 0L;
        await OnReadingAsync(async channel => count = (await channel.QueueDeclarePassiveAsync(Objects.Dead, stop)).MessageCount, stop);
        return count;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 1)
            return;
        foreach (var mailbox in _mailboxes.Values)
            await mailbox.DisposeAsync();
        foreach (var listener in _listeners.Keys)
            await listener.DisposeAsync();
        await _sender.DisposeAsync();
        await _writing.DisposeAsync();
        await Reading.DisposeAsync();
    }

    internal void CountDelivered() => Interlocked.Increment(ref _delivered);

    internal void CountRefused() => Interlocked.Increment(ref _refused);

    internal void CountDropped() => Interlocked.Increment(ref _dropped);

    internal void Forget(string name, RabbitMailbox mailbox) => _mailboxes.TryRemove(new(name, mailbox));

    internal void Forget(RabbitListener listener) => _listeners.TryRemove(listener, out _);

    internal Task SendDeadAsync(string mailbox, BusMessage message, string why)
    {
        var properties = Properties(message, DeliveryModes.Persistent);
        properties.Headers = new Dictionary<string, object?> { [BrokerObjects.WhyHeader] = why, [BrokerObjects.MailboxHeader] = mailbox };
        return _sender.SendAsync(Objects.Dead, "", properties, message.Body, "dead letters", CancellationToken.None);
    }

    private static BasicProperties Properties(BusMessage message, DeliveryModes mode) => new() { Type = message.Kind, DeliveryMode = mode };

    private async Task OnReadingAsync(Func<IChannel, Task> deed, CancellationToken stop)
    {
        using var limit = new Limit(Options, stop);
        await limit.KeepAsync(async () =>
        {
            while (true)
            {
                try
                {
                    var connection = await Reading.ConnectionAsync(limit.Token);
                    await using var channel = await connection.CreateChannelAsync(cancellationToken: limit.Token);
                    await deed(channel);
                    return;
                }
                catch (Exception e) when (BrokerErrors.IsLoss(e, limit.Token))
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(200), Options.Time, limit.Token);
                }
            }
        }, () => Reading.Trouble);
    }
}
