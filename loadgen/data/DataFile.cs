using System.Text;
using System.Text.Unicode;

namespace Pressure.LoadGen;

/// <summary>Reads data files: a table, or problems with their place in the file.</summary>
internal static class DataFile
{
    /// <summary>Largest file, in bytes.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>Largest value, in bytes.</summary>
    public const int MaxValue = 64 * 1024;

    /// <summary>Reads a file of CSV (with a header), or, named .json, an array of flat objects.</summary>
    public static DataTable? Read(string path, FileProblems problems)
    {
        if (ReadBytes(path, problems) is not { } bytes)
            return null;
        var table = path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? JsonTable.Read(bytes, problems) : CsvTable.Read(bytes, problems);
        if (table is { Rows: 0 })
            problems.Add(1, 1, "the file has no rows", "Write at least one row of values.");
        return problems.Any ? null : table;
    }

    private static ReadOnlyMemory<byte>? ReadBytes(string path, FileProblems problems)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var copy = new MemoryStream();
            var buffer = new byte[64 * 1024];
            for (int count; (count = file.Read(buffer)) > 0;)
            {
                copy.Write(buffer, 0, count);
                if (copy.Length > MaxBytes)
                {
                    problems.Add(1, 1, $"the file is larger than {MaxBytes / (1024 * 1024)} MiB", "Keep as many rows as the run needs.");
                    return null;
                }
            }

            var bytes = copy.GetBuffer().AsMemory(0, (int)copy.Length);
            if (bytes.Span.StartsWith(Encoding.UTF8.Preamble))
                bytes = bytes[3..];
            if (Utf8.IsValid(bytes.Span))
                return bytes;
            problems.Add(FirstBadLine(bytes.Span), 1, "the file is not UTF-8 from here on", "Save it as UTF-8.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            problems.Add(1, 1, "there is no such file", "Check the path; it counts from the plan's folder.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problems.Add(1, 1, Directory.Exists(path) ? "this is a folder" : $"the file can't be read: {e.Message.TrimEnd('.')}", "Check the path and its permissions.");
        }

        return null;
    }

    private static int FirstBadLine(ReadOnlySpan<byte> bytes)
    {
        var line = 1;
        while (Rune.DecodeFromUtf8(bytes, out var rune, out var length) == System.Buffers.OperationStatus.Done)
        {
            line += rune.Value == '\n' ? 1 : 0;
            bytes = bytes[length..];
        }

        return line;
    }
}

/// <summary>Adds problems of a data file to the plan's, a few of each file: the thousandth ragged row tells nothing new.</summary>
internal sealed class FileProblems(string file, string field, ProblemList problems)
{
    private const int Most = 10;

    private int _count;

    public bool Any => _count > 0;

    /// <summary>Whether more of them would still be told.</summary>
    public bool Full => _count >= Most;

    public void Add(int line, int column, string message, string remedy)
    {
        if (_count++ < Most)
            problems.AddIn(file, line, column, field, message, remedy);
    }
}
