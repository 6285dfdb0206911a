using FsCheck;
using FsCheck.Fluent;
using static Pressure.Record.Tests.Arrange;

namespace Pressure.Record.Tests;

public sealed class HistogramEncodingTests
{
    [Fact]
    public void The_bytes_are_those_of_HdrHistogram_V2()
    {
        // Index 1 holds 1, index 2 is a single zero, index 3 holds 300, then a run of 3,045 zeros, and 4,050 us is index 3,049.
        var histogram = new Histogram();
        histogram.Record(Us(1));
        histogram.Record(Us(3), 300);
        histogram.Record(Us(4_050), 1L << 62);

        Assert.Equal(
            "1C849313" + "00000010" + "00000000" + "00000003" + "0000000000000001" + "00000000D693A400" + "3FF0000000000000"
            + "00" + "02" + "00" + "D804" + "C92F" + "808080808080808080",
            Convert.ToHexString(histogram.Encode()));
    }

    [Fact]
    public void Clamped_values_stand_behind_the_payload_where_other_readers_stop()
    {
        var bytes = HistogramOf(0, 5_000_000_000, 5_000_000_000).Encode();

        Assert.Equal("0204", Convert.ToHexString(bytes.AsSpan(bytes.Length - 2)));
    }

    [Fact]
    public void A_histogram_cut_short_is_refused()
    {
        var bytes = HistogramOf(0, 5, 70, 70, 9_000, 5_000_000_000).Encode();

        // Without its last two bytes it is whole again: the clamped counts are left away, as a foreign writer would.
        for (var length = 0; length < bytes.Length; length++)
        {
            if (length != bytes.Length - 2)
                Assert.Throws<InvalidDataException>(() => Histogram.Decode(bytes.AsSpan(0, length)));
        }
    }

    [Theory]
    [InlineData("FFFFFFFFFFFFFFFFFF")] // a run of 2^63 zeros
    [InlineData("81F002")] // a run of 23,553 zeros, one more than there are buckets
    [InlineData("FFEF0202")] // a count behind the last bucket
    [InlineData("FEFFFFFFFFFFFFFFFF02")] // counts whose sum overflows
    [InlineData("8080")] // a count without its end
    public void A_payload_beyond_the_range_is_refused(string payload)
    {
        var bytes = new Histogram().Encode();
        bytes[7] = (byte)(payload.Length / 2);

        Assert.Throws<InvalidDataException>(() => Histogram.Decode([.. bytes, .. Convert.FromHexString(payload)]));
    }

    [Fact]
    public void Any_bytes_are_either_a_histogram_or_refused()
    {
        var header = new Histogram().Encode();
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), Gen.Elements(0, 4, 40).ToArbitrary(), (noise, kept) =>
        {
            if (kept == 40)
                header[7] = (byte)noise.Length;
            try
            {
                Histogram.Decode([.. header.AsSpan(0, kept), .. noise]);
            }
            catch (InvalidDataException)
            {
                return true;
            }
            return kept == 40;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }
}
