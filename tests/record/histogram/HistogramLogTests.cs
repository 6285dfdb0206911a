using System.Buffers.Binary;
using System.IO.Compression;

namespace Pressure.Record.Tests;

public sealed class HistogramLogTests
{
    private static readonly string[] Lines = Write(Sample.Interval(0), Sample.Interval(0, share: 1), Sample.Interval(1), new Interval(0, 2, 2));

    [Fact]
    public void The_header_is_that_of_the_format()
    {
        Assert.StartsWith("#[Pressure 0.1.0: run 20260101-000000-test-4f2a", Lines[0], StringComparison.Ordinal);
        Assert.Equal("#[Histogram log format version 1.3]", Lines[1]);
        Assert.Equal("#[StartTime: 1767254400.000 (seconds since epoch), Thu, 01 Jan 2026 08:00:00 GMT]", Lines[2]);
        Assert.Equal("\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"", Lines[3]);
    }

    [Fact]
    public void Every_second_has_one_line_a_series()
    {
        Assert.Equal(
            [
                "Tag=responseTime,0.000,1.000,3600809.983", "Tag=serviceTime,0.000,1.000,9.007",
                "Tag=responseTime,1.000,1.000,3600809.983", "Tag=serviceTime,1.000,1.000,9.007",
                "Tag=responseTime,2.000,1.000,0.000", "Tag=serviceTime,2.000,1.000,0.000",
            ],
            Lines[4..].Select(line => line[..line.LastIndexOf(',')]));
        Assert.All(Lines[4..], line => Assert.StartsWith("HISTFAAAA", line[(line.LastIndexOf(',') + 1)..], StringComparison.Ordinal));
    }

    [Fact]
    public void The_counts_of_all_shares_and_requests_of_a_second_are_in_its_line()
    {
        var (response, service) = (Counts(Lines[4]), Counts(Lines[5]));

        Assert.Equal(20, response.Values.Sum());
        Assert.Equal(18, service.Values.Sum());
        // The lowest values of the buckets that hold 1 ms, 2 ms, ... 9 ms, by the format's definition of a bucket.
        Assert.Equal([1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000], service.Keys.Order());
        Assert.All(service.Values, count => Assert.Equal(2, count));
        Assert.Empty(Counts(Lines[8]));
    }

    private static string[] Write(params Interval[] intervals)
    {
        using var text = new StringWriter { NewLine = "\r\n" };
        HistogramLog.Write(text, Sample.Manifest, intervals);
        Assert.EndsWith("\n", text.ToString(), StringComparison.Ordinal);
        return text.ToString().Split('\n')[..^1];
    }

    /// <summary>A decoder of its own, by the published format: lowest value of each bucket, and its count.</summary>
    private static Dictionary<long, long> Counts(string line)
    {
        var compressed = Convert.FromBase64String(line[(line.LastIndexOf(',') + 1)..]);
        Assert.Equal(0x1c849314, BinaryPrimitives.ReadInt32BigEndian(compressed));
        Assert.Equal(compressed.Length - 8, BinaryPrimitives.ReadInt32BigEndian(compressed.AsSpan(4)));
        using var plain = new MemoryStream();
        using (var zlib = new ZLibStream(new MemoryStream(compressed, 8, compressed.Length - 8), CompressionMode.Decompress))
            zlib.CopyTo(plain);
        var bytes = plain.ToArray();
        Assert.Equal(bytes.Length - 40, BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(4)));

        var counts = new Dictionary<long, long>();
        for (int at = 40, index = 0; at < bytes.Length;)
        {
            var (zigzag, shift) = (0UL, 0);
            do
                zigzag |= (ulong)(bytes[at] & 0x7F) << shift;
            while (bytes[at++] >= 0x80 && (shift += 7) < 63);
            var value = (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
            if (value < 0)
            {
                index -= (int)value;
                continue;
            }
            if (value > 0)
                counts[Lowest(index)] = value;
            index++;
        }
        return counts;

        static long Lowest(int index) => index < 2048 ? index : (long)(index % 1024 + 1024) << (index / 1024 - 1);
    }
}
