using System.Net.Sockets;

namespace Pressure.LoadGen.Engine;

/// <summary>A socket's stream that tells +1 when it is opened and -1 when it is closed.</summary>
internal sealed class CountedStream : NetworkStream
{
    private readonly Action<int> _onOpenClose;
    private int _closed;

    /// <summary>Owns the socket.</summary>
    public CountedStream(Socket socket, Action<int> onOpenClose)
        : base(socket, ownsSocket: true)
    {
        _onOpenClose = onOpenClose;
        onOpenClose(1);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
            _onOpenClose(-1);
        base.Dispose(disposing);
    }
}
