namespace Pressure.Record.Tests;

internal static class Arrange
{
    public static TimeSpan Us(double micros) => TimeSpan.FromTicks((long)(micros * 10));

    public static Histogram HistogramOf(params IEnumerable<long> micros)
    {
        var histogram = new Histogram();
        foreach (var value in micros)
            histogram.Record(Us(value));
        return histogram;
    }
}
