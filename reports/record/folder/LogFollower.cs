namespace Pressure.Record;

/// <summary>Reads a log record by record, also while it is being written: what is not whole yet is read by a later call. Not thread-safe.</summary>
internal sealed class LogFollower(string path) : IDisposable
{
    private readonly FileStream _file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    private long _position;

    /// <summary>The next payload; null while there is none.</summary>
    /// <exception cref="InvalidDataException">The log is damaged here; nothing behind can be read.</exception>
    public byte[]? Next()
    {
        Span<byte> header = stackalloc byte[LogFormat.HeaderLength];
        if (!Read(header, _position))
            return null;
        var (length, crc) = LogFormat.ReadHeader(header);
        if (length is <= 0 or > LogFormat.MaxPayload)
            throw new InvalidDataException($"'{path}' is damaged at byte {_position}: a record can't have a length of {length}.");
        // No more than the file has: a damaged length can't ask for memory.
        if (_file.Length - _position - header.Length < length)
            return null;
        var payload = new byte[length];
        if (!Read(payload, _position + header.Length))
            return null;
        if (Crc32C.Of(payload) != crc)
            throw new InvalidDataException($"'{path}' is damaged at byte {_position}: a record's checksum does not match.");
        _position += header.Length + length;
        return payload;
    }

    public void Dispose() => _file.Dispose();

    private bool Read(Span<byte> into, long from)
    {
        _file.Position = from;
        return _file.ReadAtLeast(into, into.Length, throwOnEndOfStream: false) == into.Length;
    }
}
