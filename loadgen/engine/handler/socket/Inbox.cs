using System.Threading.Channels;
using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>
/// What has come from the peer and nobody has taken yet. Reading goes on while an iteration pauses, so that pings are answered and
/// closes noticed; but a peer that nobody listens to is made to wait.
/// </summary>
internal sealed class Inbox : IDisposable
{
    private const long MostWaiting = 256 * 1024;

    // Of many small pieces the objects cost more than the bytes.
    private const int PieceCost = 64;

    private readonly Channel<byte[]> _pieces = Channel.CreateUnbounded<byte[]>(new() { SingleReader = true, SingleWriter = true });
    private readonly SemaphoreSlim _room = new(0);
    private long _waiting;
    private volatile bool _discarding;

    /// <summary>Why nothing more comes; <see cref="RequestError.None"/> while something may.</summary>
    public RequestError Ended { get; private set; }

    /// <summary>Puts a piece in; returns when there is room for the next.</summary>
    public async Task AddAsync(byte[] piece)
    {
        if (_discarding)
            return;
        Interlocked.Add(ref _waiting, piece.Length + PieceCost);
        _pieces.Writer.TryWrite(piece);
        while (Interlocked.Read(ref _waiting) > MostWaiting && !_discarding)
            await _room.WaitAsync();
    }

    /// <summary>Nothing more comes.</summary>
    public void End(RequestError why)
    {
        Ended = why;
        _pieces.Writer.TryComplete();
    }

    /// <summary>The next piece; null when nothing more comes.</summary>
    public async ValueTask<byte[]?> TakeAsync(CancellationToken cancel)
    {
        while (await _pieces.Reader.WaitToReadAsync(cancel))
        {
            if (!_pieces.Reader.TryRead(out var piece))
                continue;
            Interlocked.Add(ref _waiting, -piece.Length - PieceCost);
            _room.Release();
            return piece;
        }

        return null;
    }

    /// <summary>What comes from here on is thrown away.</summary>
    public void Discard()
    {
        _discarding = true;
        _room.Release();
    }

    /// <inheritdoc/>
    public void Dispose() => _room.Dispose();
}
