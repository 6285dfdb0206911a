using System.IO.Compression;

namespace Pressure.TrafficCopy;

/// <summary>
/// Reads capture files: pcap and pcapng, each also packed with gzip, told by how they begin. Constant memory, whatever a file's size; the file
/// is never trusted.
/// </summary>
/// <code>
/// var outcome = CaptureFileReader.Read("peak.pcapng.gz", decoder, accounts);
/// </code>
public static class CaptureFileReader
{
    /// <summary>Reads a file. Nothing is thrown for what it holds, nor when it can't be opened: the outcome tells.</summary>
    public static CaptureFileOutcome Read(string path, IPacketSink sink, CaptureAccounts accounts, CaptureReadOptions? options = null)
    {
        try
        {
            // The window has a buffer of its own.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
            return Read(file, path, sink, accounts, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return NotOpened(path, e.Message);
        }
    }

    /// <summary>Reads a stream; <paramref name="name"/> is what problems call it.</summary>
    public static CaptureFileOutcome Read(Stream stream, string name, IPacketSink sink, CaptureAccounts accounts, CaptureReadOptions? options = null)
    {
        options ??= new CaptureReadOptions();
        var start = new byte[4];
        var counted = new CountedStream(stream);
        int there;
        try
        {
            there = counted.ReadAtLeast(start, 4, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return NotOpened(name, e.Message);
        }
        counted.PutBack(start.AsSpan(0, there));
        using var unpacked = Unpacked(counted, start);
        var window = new FileWindow(unpacked, counted, options);
        return Read(name, new CaptureReading(name, window, sink, accounts, options.Secrets));
    }

    private static CaptureFileOutcome Read(string name, CaptureReading reading)
    {
        if (PcapFile.Of(reading) is { } pcap)
        {
            pcap.Read();
            return reading.Done(CaptureFormat.Pcap);
        }
        if (PcapngFile.Of(reading) is { } pcapng)
        {
            pcapng.Read();
            return reading.Done(CaptureFormat.PcapNg);
        }
        if (reading.Window is { Trouble: null, Stopped: false })
            reading.Note(WhatElse(reading.Window.Peek(6)), $"{name} must be a pcap or pcapng file, as tcpdump -w and Wireshark write them, packed with gzip or not.");
        return reading.Done(CaptureFormat.Unknown);
    }

    private static Stream Unpacked(Stream stream, ReadOnlySpan<byte> start) =>
        start is [0x1F, 0x8B, ..] ? new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true) : stream;

    private static string WhatElse(ReadOnlySpan<byte> start) => start switch
    {
        [] => "it is empty.",
        [0x28, 0xB5, 0x2F, 0xFD, ..] => "it is packed with zstd; unpack it first.",
        [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', ..] => "it is packed with xz; unpack it first.",
        [(byte)'B', (byte)'Z', (byte)'h', ..] => "it is packed with bzip2; unpack it first.",
        [0x04, 0x22, 0x4D, 0x18, ..] => "it is packed with lz4; unpack it first.",
        [(byte)'P', (byte)'K', 3, 4, ..] => "it is packed with zip; unpack it first.",
        [0x1F, 0x8B, ..] => "it is packed with gzip twice; unpack it first.",
        [(byte)'s', (byte)'n', (byte)'o', (byte)'o', (byte)'p', ..] => "it is a snoop file; convert it first: editcap -F pcapng.",
        [0xA1, 0xB2, 0xCD, 0x34, ..] or [0x34, 0xCD, 0xB2, 0xA1, ..] => "it is a pcap file of a patched kind; convert it first: editcap -F pcapng.",
        _ => $"it is no capture (it begins with {Convert.ToHexString(start)}).",
    };

    private static CaptureFileOutcome NotOpened(string path, string why) => new()
    {
        File = path,
        Format = CaptureFormat.Unknown,
        Packets = 0,
        Bytes = 0,
        Problems = [new CaptureFileProblem(path, 0, $"it can't be opened: {why}", "Check the path, and whether you may read it.")],
    };
}
