using System.Buffers.Binary;
using System.Text;

namespace Pressure.Bench.Traffic;

/// <summary>
/// Writes a capture of HTTP as a busy shop has it: connections that stay open for some dozens of requests, requests of about 400 bytes, answers of 200 bytes
/// to 20 KB, segments of at most 1448 bytes, one acknowledgement for two of them, all connections mixed. The same seed gives the same file.
/// </summary>
internal sealed class HttpMix(int seed, int connections)
{
    private readonly Random _random = new(seed);
    private readonly byte[] _filler = new byte[32_768];
    private long _at = 1_767_225_600_000_000_000;
    private int _nextPort = 10_000;

    /// <summary>Requests written.</summary>
    public long Requests { get; private set; }

    /// <summary>Packets written.</summary>
    public long Packets { get; private set; }

    /// <summary>Writes until the file has that many bytes.</summary>
    public void Write(string path, long bytes)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        Begin(file);
        Write(file, bytes, isClosed: false);
    }

    /// <summary>Packets without a file's header, of connections that are all over in the end.</summary>
    public byte[] Block(int bytes)
    {
        using var block = new MemoryStream(bytes + (bytes / 4));
        Write(block, bytes, isClosed: true);
        return block.ToArray();
    }

    /// <summary>A file's header.</summary>
    public static void Begin(Stream file)
    {
        Span<byte> header = stackalloc byte[24];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xA1B23C4D);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], 262_144);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], 1);
        file.Write(header);
    }

    private void Write(Stream file, long bytes, bool isClosed)
    {
        for (var i = 0; i < _filler.Length; i++)
            _filler[i] = (byte)('a' + _random.Next(26));
        var open = Enumerable.Range(0, connections).Select(NewConnection).ToArray();
        while (file.Position < bytes)
        {
            var which = _random.Next(open.Length);
            // A few packets in a row, as they come off a wire.
            for (var burst = _random.Next(1, 6); burst > 0; burst--)
            {
                if (open[which].IsOver)
                    open[which] = NewConnection(which);
                Plan(open[which]);
                Write(file, open[which]);
            }
        }
        foreach (var connection in isClosed ? open : [])
        {
            if (!connection.IsClosing)
                connection.Close();
            while (connection.HasNext)
                Write(file, connection);
        }
    }

    private MixedConnection NewConnection(int number)
    {
        var port = _nextPort;
        _nextPort = port == 65_000 ? 10_000 : port + 1;
        var connection = new MixedConnection((uint)(0x0A00_0100 + number), port, (uint)_random.NextInt64(uint.MaxValue), (uint)_random.NextInt64(uint.MaxValue), _random.Next(5, 100));
        connection.Open();
        return connection;
    }

    private void Plan(MixedConnection connection)
    {
        if (connection.HasNext)
            return;
        if (connection.RequestsLeft == 0)
        {
            connection.Close();
            return;
        }
        connection.Exchange(Request(), Response());
        Requests++;
    }

    private byte[] Request()
    {
        var item = _random.Next(100_000);
        var common = $"Host: shop.example\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36\r\n"
            + $"Accept: text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8\r\nAccept-Language: en,zh;q=0.8\r\nCookie: session={item:x8}{item * 7L:x16}; theme=light\r\n";
        if (_random.Next(5) > 0)
            return Encoding.ASCII.GetBytes($"GET /item/{item}?from=list&page={item % 40} HTTP/1.1\r\n{common}\r\n");
        var body = $"{{\"item\":{item},\"count\":{item % 5 + 1},\"note\":\"{Encoding.ASCII.GetString(_filler, item % 1_000, 100)}\"}}";
        return Encoding.ASCII.GetBytes($"POST /order HTTP/1.1\r\n{common}Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }

    private byte[] Response()
    {
        // As many between 200 and 2,000 as between 2,000 and 20,000.
        var length = (int)(200 * Math.Pow(100, _random.NextDouble()));
        var head = $"HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\nConnection: keep-alive\r\n\r\n";
        var bytes = new byte[head.Length + length];
        Encoding.ASCII.GetBytes(head, bytes);
        _filler.AsSpan(_random.Next(10_000), length).CopyTo(bytes.AsSpan(head.Length));
        return bytes;
    }

    private void Write(Stream file, MixedConnection connection)
    {
        Span<byte> record = stackalloc byte[16];
        _at += _random.Next(500, 20_000);
        var packet = connection.Next();
        BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)(_at / 1_000_000_000));
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], (uint)(_at % 1_000_000_000));
        BinaryPrimitives.WriteInt32LittleEndian(record[8..], packet.Length);
        BinaryPrimitives.WriteInt32LittleEndian(record[12..], packet.Length);
        file.Write(record);
        file.Write(packet);
        Packets++;
    }
}
