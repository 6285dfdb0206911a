using System.Globalization;
using Pressure.Record;

namespace Pressure.Web.Access;

/// <summary>A file of an agent's log, named after the moment of its first record in milliseconds (UTC).</summary>
/// <param name="Path">The file.</param>
/// <param name="Begin">That moment: what an earlier segment holds came before it.</param>
/// <param name="Bytes">Its length.</param>
internal sealed record EntrySegment(string Path, DateTimeOffset Begin, long Bytes)
{
    private const string Extension = ".log";

    public static EntrySegment New(string folder, DateTimeOffset begin) =>
        new(System.IO.Path.Combine(folder, begin.ToUnixTimeMilliseconds().ToString("D15", CultureInfo.InvariantCulture) + Extension), begin, 0);

    /// <summary>The segments of a folder, the oldest first; other files are left alone.</summary>
    public static List<EntrySegment> Find(string folder)
    {
        var found = new List<EntrySegment>();
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*" + Extension))
        {
            if (long.TryParse(System.IO.Path.GetFileNameWithoutExtension(file.Name), NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms < 253_402_300_800_000)
                found.Add(new EntrySegment(file.FullName, DateTimeOffset.FromUnixTimeMilliseconds(ms), file.Length));
        }
        found.Sort((a, b) => a.Begin.CompareTo(b.Begin));
        return found;
    }

    /// <summary>
    /// Hands every sound payload from an offset on, up to <paramref name="end"/> or until <paramref name="take"/> has enough; returns the offset behind the last one.
    /// A record that is not sound ends the reading: what a crash has torn is always the last.
    /// </summary>
    public static long Read(string path, long from, long end, Func<byte[], bool> take)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> header = stackalloc byte[LogFormat.HeaderLength];
        while (from + header.Length <= end && RandomAccess.Read(file, header, from) == header.Length)
        {
            var (length, crc) = LogFormat.ReadHeader(header);
            if (length <= 0 || length > end - from - header.Length)
                break;
            var payload = new byte[length];
            if (RandomAccess.Read(file, payload, from + header.Length) < length || Crc32C.Of(payload) != crc)
                break;
            from += header.Length + length;
            if (!take(payload))
                break;
        }
        return from;
    }
}
