using Pressure.Record;

namespace Pressure.Agent;

/// <summary>Physical memory and swap in bytes, from <c>/proc/meminfo</c>.</summary>
internal readonly record struct Memory(long Total, long Used, SwapUse? Swap)
{
    public static Memory Parse(ReadOnlySpan<byte> text)
    {
        var total = Bytes(text, "MemTotal:"u8) ?? 0;
        // Kernels before 3.14 do not say what is available.
        var available = Bytes(text, "MemAvailable:"u8) ?? Sum(Bytes(text, "MemFree:"u8), Bytes(text, "Buffers:"u8), Bytes(text, "Cached:"u8));
        var swap = Bytes(text, "SwapTotal:"u8) ?? 0;
        var free = Bytes(text, "SwapFree:"u8) ?? 0;
        return new Memory(total, Math.Max(0, total - available), swap > 0 ? new SwapUse(swap, Math.Max(0, swap - free)) : null);
    }

    private static long? Bytes(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name) =>
        KernelText.Field(text, name) is { } kibibytes ? (long)Math.Min(kibibytes, long.MaxValue >> 10) << 10 : null;

    private static long Sum(long? a, long? b, long? c) => (long)Math.Min((ulong)(a ?? 0) + (ulong)(b ?? 0) + (ulong)(c ?? 0), long.MaxValue);
}
