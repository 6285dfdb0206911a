using System.Net.Sockets;
using System.Net.WebSockets;
using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>What came of waiting for a message.</summary>
/// <param name="Error">What failed.</param>
/// <param name="Message">The expected one, or else the last that was not; null if none came.</param>
/// <param name="Passed">How many others came before it.</param>
/// <param name="Bytes">Bytes of all that came.</param>
internal readonly record struct Received(RequestError Error, byte[]? Message, int Passed, long Bytes);

/// <summary>
/// An iteration's open connection, of messages or of a stream:
/// <code>peer -> PumpAsync -> Inbox -> ExpectAsync;  SendAsync -> peer</code>
/// </summary>
internal abstract class PeerConnection : IDisposable
{
    /// <summary>The longest message that is taken, and the most bytes of a stream that are kept to look for what is expected.</summary>
    public const int LongestMessage = 1024 * 1024;

    private Task _pumping = Task.CompletedTask;

    /// <summary>What has come.</summary>
    protected Inbox Inbox { get; } = new();

    /// <summary>Begins to read.</summary>
    public PeerConnection Open()
    {
        _pumping = PumpGuardedAsync();
        return this;
    }

    /// <summary>Sends a message whole.</summary>
    public async Task<RequestError> SendAsync(ReadOnlyMemory<byte> message, bool isText, CancellationToken cancel)
    {
        try
        {
            await WriteAsync(message, isText, cancel);
            return RequestError.None;
        }
        catch (Exception e) when (IsBroken(e))
        {
            // The close that made the sending fail says more than the failure.
            return Inbox.Ended == RequestError.None ? RequestError.SendFailed : Inbox.Ended;
        }
    }

    /// <summary>Waits for the message that <paramref name="match"/> holds for; cancelled, it gives <see cref="RequestError.ResponseTimeout"/>.</summary>
    public abstract Task<Received> ExpectAsync(Match match, CancellationToken cancel);

    /// <summary>Says goodbye and closes; waits for the peer's goodbye, where there is such a thing, until cancelled.</summary>
    public async Task CloseAsync(CancellationToken cancel)
    {
        Inbox.Discard();
        try
        {
            await EndAsync(_pumping, cancel);
        }
        catch (Exception e) when (IsBroken(e) || e is OperationCanceledException)
        {
            // The peer says no goodbye: closed all the same.
        }

        // The pump ends with the socket, and with it the last use of the inbox.
        Release();
        await _pumping;
        Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => Inbox.Dispose();

    /// <summary>Reads until nothing more comes; why.</summary>
    protected abstract Task<RequestError> PumpAsync();

    /// <summary>Writes a message.</summary>
    protected abstract Task WriteAsync(ReadOnlyMemory<byte> message, bool isText, CancellationToken cancel);

    /// <summary>Says that we are done; <paramref name="pumping"/> is over when the peer is, too.</summary>
    protected abstract Task EndAsync(Task pumping, CancellationToken cancel);

    /// <summary>Closes the socket.</summary>
    protected abstract void Release();

    /// <summary>Whether an exception means that the connection is no more.</summary>
    protected static bool IsBroken(Exception e) => e is WebSocketException or IOException or SocketException or ObjectDisposedException or InvalidOperationException;

    private async Task PumpGuardedAsync()
    {
        try
        {
            Inbox.End(await PumpAsync());
        }
        catch (Exception e) when (IsBroken(e) || e is OperationCanceledException)
        {
            Inbox.End(RequestError.ClosedBeforeResponse);
        }
    }
}
