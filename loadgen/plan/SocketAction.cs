using Pressure.LoadGen.Engine;

namespace Pressure.LoadGen;

/// <summary>What a request does on a socket. A closed set. One connection is open in an iteration at a time, and closed at its end.</summary>
public abstract record SocketAction
{
    private SocketAction()
    {
    }

    /// <summary>Opens the connection: a WebSocket handshake (URL <c>ws</c> or <c>wss</c>) or a TCP connection (URL <c>tcp</c>).</summary>
    /// <param name="Subprotocols">Offered in the handshake, the liked ones first.</param>
    public sealed record Connect(IReadOnlyList<string> Subprotocols) : SocketAction;

    /// <summary>Sends a message, waits for one, or both: then its time runs from the sending to the message that was expected.</summary>
    /// <param name="Send">What is sent; null for nothing.</param>
    /// <param name="Expect">What is waited for; null for nothing.</param>
    public sealed record Message(Payload? Send, Expectation? Expect) : SocketAction;
}

/// <summary>A message to send.</summary>
public sealed record Payload
{
    internal Payload(Template content, bool isText) => (Content, IsText) = (content, isText);

    /// <summary>Whether it goes in a text frame (else binary); of no matter on TCP.</summary>
    public bool IsText { get; }

    /// <summary>Its bytes.</summary>
    internal Template Content { get; }
}

/// <summary>The message that is waited for: the first that holds everything given. Others are passed over.</summary>
public sealed record Expectation
{
    /// <summary>Text or bytes in it, if asked for.</summary>
    internal Template? Contains { get; init; }

    /// <summary>What else must hold in its first 64 KiB: expressions (<see cref="Check.BodyMatches"/>) and values (<see cref="Check.Json"/>).</summary>
    public IReadOnlyList<Check> Checks { get; init; } = [];
}
