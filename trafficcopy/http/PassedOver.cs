namespace Pressure.TrafficCopy;

/// <summary>Takes a connection that nobody reads, and counts its bytes.</summary>
internal sealed class PassedOver(CaptureAccounts accounts) : IConversation
{
    public void Take(Side from, ReadOnlySpan<byte> bytes, long at) => accounts.Count(Happening.PassedOverBytes, bytes.Length);

    public void Miss(Side from, long bytes, long at)
    {
    }

    public void Finish(Side from, long at)
    {
    }

    public void End(ConversationEnd how, long at)
    {
    }
}

/// <summary>Takes a connection whose sides were guessed the wrong way round.</summary>
internal sealed class SwappedSides(IConversation right) : IConversation
{
    public void Take(Side from, ReadOnlySpan<byte> bytes, long at) => right.Take(Other(from), bytes, at);

    public void Miss(Side from, long bytes, long at) => right.Miss(Other(from), bytes, at);

    public void Finish(Side from, long at) => right.Finish(Other(from), at);

    public void End(ConversationEnd how, long at) => right.End(how, at);

    private static Side Other(Side side) => side == Side.Client ? Side.Server : Side.Client;
}
