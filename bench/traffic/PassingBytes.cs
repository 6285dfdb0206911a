using Pressure.TrafficCopy;

namespace Pressure.Bench.Traffic;

/// <summary>Takes conversations or exchanges and does nothing with them.</summary>
internal sealed class PassingBytes : IConversationOpener, IConversation, IExchangeSink
{
    /// <inheritdoc/>
    public IConversation Open(in ConversationStart start) => this;

    /// <inheritdoc/>
    public void Take(Side from, ReadOnlySpan<byte> bytes, long at)
    {
    }

    /// <inheritdoc/>
    public void Miss(Side from, long bytes, long at)
    {
    }

    /// <inheritdoc/>
    public void Finish(Side from, long at)
    {
    }

    /// <inheritdoc/>
    public void End(ConversationEnd how, long at)
    {
    }

    /// <inheritdoc/>
    public void Take(CapturedExchange exchange)
    {
    }

    /// <inheritdoc/>
    public void EndConnection(long connection, long at)
    {
    }
}
