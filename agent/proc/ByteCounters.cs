using Pressure.Record;

namespace Pressure.Agent;

/// <summary>Bytes in and out of each device since it came up.</summary>
internal sealed class ByteCounters(IReadOnlyDictionary<string, (ulong In, ulong Out)> devices)
{
    /// <summary>Rates of all devices together. One that is new, or whose counter was reset, counts from the next time on.</summary>
    public ByteRates Since(ByteCounters before, TimeSpan elapsed)
    {
        var (bytesIn, bytesOut) = (0.0, 0.0);
        foreach (var (name, now) in Devices)
        {
            if (!before.Devices.TryGetValue(name, out var then))
                continue;
            bytesIn += now.In > then.In ? now.In - then.In : 0;
            bytesOut += now.Out > then.Out ? now.Out - then.Out : 0;
        }
        return new ByteRates(bytesIn / elapsed.TotalSeconds, bytesOut / elapsed.TotalSeconds);
    }

    internal IReadOnlyDictionary<string, (ulong In, ulong Out)> Devices { get; } = devices;
}
