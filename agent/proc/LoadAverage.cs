using Pressure.Record;

namespace Pressure.Agent;

/// <summary>Load averages, from <c>/proc/loadavg</c>.</summary>
internal static class LoadAverage
{
    public static LoadAverages Parse(ReadOnlySpan<byte> text)
    {
        var words = new Words(text);
        return new LoadAverages(KernelText.Decimal(words.Next()), KernelText.Decimal(words.Next()), KernelText.Decimal(words.Next()));
    }
}
