namespace Pressure.Record;

/// <summary>Takes a payload, or throws <see cref="InvalidDataException"/>.</summary>
internal delegate void TakePayload(ReadOnlySpan<byte> payload);

/// <summary>Reads a log up to its end or its first unsound record, also while it is being written.</summary>
internal static class LogReader
{
    /// <summary>Hands every sound payload on, in order. Returns what had to be left out, if anything.</summary>
    public static TornTail? Read(string folder, string name, TakePayload take)
    {
        var path = Path.Combine(folder, name);
        if (!File.Exists(path))
            return new TornTail(name, 0, 0) { Why = "the file is missing" };
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1 << 16);
        // What is appended from now on belongs to the next reading.
        var length = file.Length;
        var kept = 0L;
        var buffer = new byte[4096];
        while (kept < length)
        {
            if (Unsound(file, length - kept, ref buffer, take, out var taken) is { } why)
                return new TornTail(name, kept, length - kept) { Why = why };
            kept += taken;
        }
        return null;
    }

    private static string? Unsound(FileStream file, long left, ref byte[] buffer, TakePayload take, out long taken)
    {
        taken = 0;
        var header = buffer.AsSpan(0, LogFormat.HeaderLength);
        if (left < header.Length || file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
            return "the last record is incomplete";
        var (length, crc) = LogFormat.ReadHeader(header);
        if (length is <= 0 or > LogFormat.MaxPayload)
            return $"a record can't have a length of {length}";
        if (length > left - header.Length)
            return "the last record is incomplete";
        // No more than the file has: a forged length can't ask for memory.
        if (buffer.Length < length)
            buffer = new byte[Math.Min(LogFormat.MaxPayload, length * 2L)];
        var payload = buffer.AsSpan(0, length);
        if (file.ReadAtLeast(payload, length, throwOnEndOfStream: false) < length)
            return "the last record is incomplete";
        if (Crc32C.Of(payload) != crc)
            return "a record's checksum does not match";
        try
        {
            take(payload);
        }
        catch (InvalidDataException e)
        {
            return $"a record can't be understood: {e.Message}";
        }
        taken = LogFormat.HeaderLength + length;
        return null;
    }
}
