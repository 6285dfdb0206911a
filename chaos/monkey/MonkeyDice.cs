using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Pressure.Chaos;

/// <summary>
/// What a monkey does with a group on a day: a pure function of its seed, the group and the day. So a restart in the middle of a day throws no second
/// dice, and two that share a seed agree; who does not know the seed can't tell beforehand.
/// </summary>
/// <param name="seed">The monkey's secret.</param>
internal sealed class MonkeyDice(string seed)
{
    /// <summary>When a group is struck on a day, in order; mostly never.</summary>
    public IEnumerable<DateTimeOffset> Strikes(string group, MonkeyMean mean, WorkingTime time)
    {
        var length = mean.Length ?? time.Length;
        for (var (from, number) = (TimeSpan.Zero, 0); from < time.Length; from += length, number++)
        {
            // An hour that the day cuts short counts by its length.
            var own = TimeSpan.FromTicks(Math.Min(length.Ticks, (time.Length - from).Ticks));
            var (whether, when) = Throw(group, time.Day, number);
            if (whether * mean.Intervals < own / length)
                yield return time.At(from + (own * when));
        }
    }

    /// <summary>Two numbers from 0 up to 1.</summary>
    private (double Whether, double When) Throw(string group, DateOnly day, int number)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}\n{group}\n{day:yyyy-MM-dd}\n{number}"));
        return (Number(hash), Number(hash.AsSpan(8)));
    }

    private static double Number(ReadOnlySpan<byte> bytes) => (BinaryPrimitives.ReadUInt64LittleEndian(bytes) >> 11) * (1.0 / (1UL << 53));
}
