using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;

namespace Pressure.Record;

/// <summary>
/// Writes a run's durations in HdrHistogram's interval log format 1.3 (<c>histograms.hlog</c>), which its tools read and plot.
/// </summary>
/// <remarks>
/// Two lines a second, all requests and shares of the run together, warm-up included: one tagged <c>responseTime</c> (from the
/// intended start), one tagged <c>serviceTime</c> (from the actual send). Values are in microseconds, the column of maxima in milliseconds.
/// </remarks>
public static class HistogramLog
{
    /// <summary>Cookie of the compressed V2 encoding; 0x10 marks LEB128 counts.</summary>
    private const int CompressedCookie = 0x1c849304 | 0x10;

    /// <summary>Writes the whole log.</summary>
    public static void Write(TextWriter output, RunManifest manifest, IEnumerable<Interval> intervals)
    {
        // The format's own line end, whatever the writer's is.
        output.Write($"#[Pressure {OneLine(manifest.Version)}: run {OneLine(manifest.Id)}, values in microseconds]\n");
        output.Write("#[Histogram log format version 1.3]\n");
        output.Write(string.Create(CultureInfo.InvariantCulture,
            $"#[StartTime: {manifest.StartedAt.ToUnixTimeMilliseconds() / 1000.0:0.000} (seconds since epoch), {manifest.StartedAt:R}]\n"));
        output.Write("\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n");
        foreach (var second in intervals.GroupBy(i => i.Second).OrderBy(s => s.Key))
        {
            var requests = second.SelectMany(i => i.Requests).ToList();
            WriteLine(output, "responseTime", second.Key, requests.Select(r => r.ResponseTime));
            WriteLine(output, "serviceTime", second.Key, requests.Select(r => r.ServiceTime));
        }
    }

    private static void WriteLine(TextWriter output, string tag, int second, IEnumerable<Histogram> parts)
    {
        var all = new Histogram();
        foreach (var part in parts)
            all.Add(part);
        output.Write(string.Create(CultureInfo.InvariantCulture,
            $"Tag={tag},{second:0.000},1.000,{all.Max.TotalMilliseconds:0.000},{Convert.ToBase64String(Compress(all))}\n"));
    }

    /// <summary>Cookie, length, and the V2 encoding as a zlib stream.</summary>
    private static byte[] Compress(Histogram histogram)
    {
        using var bytes = new MemoryStream();
        bytes.Write(stackalloc byte[8]);
        using (var zlib = new ZLibStream(bytes, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(HistogramEncoding.Write(histogram, withClamped: false));
        var whole = bytes.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(whole, CompressedCookie);
        BinaryPrimitives.WriteInt32BigEndian(whole.AsSpan(4), whole.Length - 8);
        return whole;
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
