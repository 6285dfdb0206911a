using RabbitMQ.Client;

namespace Pressure.Cluster;

/// <summary>A delivery out of a queue, good for as long as the channel that it came over.</summary>
internal sealed class RabbitDelivery(RabbitBus bus, string mailbox, IChannel channel, ulong tag, BusMessage message) : BusDelivery(message)
{
    private int _dealtWith;

    /// <summary>Whether it can still be acknowledged; else it comes again.</summary>
    public bool IsCurrent => channel.IsOpen;

    public override async ValueTask AcknowledgeAsync()
    {
        if (Interlocked.Exchange(ref _dealtWith, 1) == 0)
            await AnswerAsync(() => channel.BasicAckAsync(tag, multiple: false));
    }

    public override async ValueTask RefuseAsync(string why)
    {
        if (Interlocked.Exchange(ref _dealtWith, 1) == 1 || !IsCurrent)
            return;
        try
        {
            await bus.SendDeadAsync(mailbox, Message, why);
            await AnswerAsync(() => channel.BasicAckAsync(tag, multiple: false));
        }
        catch (BusException)
        {
            // The broker brings it there itself then, without the reason.
            await AnswerAsync(() => channel.BasicRejectAsync(tag, requeue: false));
        }
        bus.CountRefused();
    }

    private async ValueTask AnswerAsync(Func<ValueTask> answer)
    {
        try
        {
            if (IsCurrent)
                await answer();
        }
        catch (Exception e) when (BrokerErrors.IsLoss(e, CancellationToken.None))
        {
            // Whether the broker has heard it nobody knows: the delivery may come again, which its reader is ready for.
        }
    }
}
