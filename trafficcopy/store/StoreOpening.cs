using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Pressure.TrafficCopy;

/// <summary>Finds out what a store holds: by its index if it was ended, else by looking through all of it.</summary>
internal static class StoreOpening
{
    /// <exception cref="InvalidDataException">It is no store, or of a later version.</exception>
    public static (IReadOnlyList<IndexEntry> Index, CaptureInfo Info) Read(SafeFileHandle file, string path)
    {
        var length = RandomAccess.GetLength(file);
        var (header, blocks) = ReadBeginning(file, length, path);
        try
        {
            if (ReadEnd(file, length) is { } index && ReadIndexed(file, index, blocks, length - StoreFormat.EndLength) is var (entries, summary))
                return (entries, summary.ToInfo(path, header));
        }
        catch (InvalidDataException)
        {
            // An index that is damaged is no loss: what it says stands in the blocks too.
        }

        return StoreScan.Read(file, path, header, blocks, length);
    }

    /// <summary>What a writer has to know to go on behind a place.</summary>
    /// <exception cref="InvalidDataException">It is no store, it ends before that place, or is not sound up to there.</exception>
    public static StoreContinuation Continue(SafeFileHandle file, string path, long length)
    {
        if (RandomAccess.GetLength(file) < length)
            throw new InvalidDataException("its end is missing");
        var (header, blocks) = ReadBeginning(file, length, path);
        return StoreScan.Continue(file, header, blocks, length);
    }

    private static (CaptureHeader Header, long Blocks) ReadBeginning(SafeFileHandle file, long length, string path)
    {
        Span<byte> preamble = stackalloc byte[StoreFormat.PreambleLength];
        if (!StoreRecords.TryReadAll(file, preamble, 0) || !StoreFormat.Begins(preamble))
            throw new InvalidDataException($"{path} is no capture store.");
        if (preamble[^1] != StoreFormat.Version)
            throw new InvalidDataException($"{path} is a capture store of version {preamble[^1]}; this program reads version {StoreFormat.Version}.");
        try
        {
            var (payload, next) = ReadJson(file, preamble.Length, length, RecordKind.Header);
            return (CaptureJson.Read(payload, CaptureJsonContext.Default.CaptureHeader), next);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{path} is a capture store whose beginning is damaged: {e.Message}.", e);
        }
    }

    private static long? ReadEnd(SafeFileHandle file, long length)
    {
        Span<byte> end = stackalloc byte[StoreFormat.EndLength];
        return length > end.Length && StoreRecords.TryReadAll(file, end, length - end.Length) && StoreFormat.TryReadEnd(end, out var index) ? index : null;
    }

    private static (IReadOnlyList<IndexEntry>, CaptureSummary)? ReadIndexed(SafeFileHandle file, long at, long blocks, long end)
    {
        if (at < blocks || at > end)
            return null;
        var entries = new List<IndexEntry>();
        var begin = at;
        while (StoreRecords.HeaderAt(file, at, end) is var (length, _))
        {
            var payload = StoreRecords.Rent(file, at, length);
            try
            {
                at += StoreFormat.RecordLength(length);
                if (payload[0] == (byte)RecordKind.Index)
                    CaptureIndex.Read(payload.AsSpan(0, length), begin, entries);
                else if (payload[0] == (byte)RecordKind.Summary && at == end && (entries.Count == 0 || entries[0].At >= blocks))
                    return (entries, CaptureJson.Read(payload.AsSpan(0, length), CaptureJsonContext.Default.CaptureSummary));
                else
                    return null;
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(payload);
            }
        }

        return null;
    }

    private static (byte[] Payload, long Next) ReadJson(SafeFileHandle file, long at, long end, RecordKind kind)
    {
        if (StoreRecords.HeaderAt(file, at, end) is not var (length, _) || length > StoreFormat.MaxJson)
            throw new InvalidDataException("it is not whole");
        var rented = StoreRecords.Rent(file, at, length);
        var payload = rented.AsSpan(0, length).ToArray();
        ArrayPool<byte>.Shared.Return(rented);
        return payload[0] == (byte)kind ? (payload, at + StoreFormat.RecordLength(length)) : throw new InvalidDataException("it is something else");
    }
}
