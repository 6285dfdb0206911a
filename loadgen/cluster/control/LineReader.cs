using System.Net.Sockets;

namespace Pressure.Cluster;

/// <summary>Lines from a peer that is not trusted: of bounded length, within a bounded time.</summary>
internal sealed class LineReader(Socket socket, TimeProvider time)
{
    private readonly byte[] _buffer = new byte[ControlJson.LongestLine];
    private int _filled;
    private int _taken;

    /// <summary>The next line without its end; null when the peer is gone, too slow or too long-winded.</summary>
    public async Task<ReadOnlyMemory<byte>?> NextAsync(TimeSpan patience, CancellationToken stop)
    {
        _buffer.AsSpan(_taken, _filled - _taken).CopyTo(_buffer);
        (_filled, _taken) = (_filled - _taken, 0);
        using var slow = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(slow.Token, stop);
        for (var seen = 0; ;)
        {
            var end = _buffer.AsSpan(seen, _filled - seen).IndexOf((byte)'\n');
            if (end >= 0)
            {
                _taken = seen + end + 1;
                return _buffer.AsMemory(0, seen + end);
            }
            seen = _filled;
            if (_filled == _buffer.Length)
                return null;
            try
            {
                var read = await socket.ReceiveAsync(_buffer.AsMemory(_filled), either.Token);
                if (read == 0)
                    return null;
                _filled += read;
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                return null;
            }
        }
    }
}
