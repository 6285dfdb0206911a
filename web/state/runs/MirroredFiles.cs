using Pressure.Record;

namespace Pressure.Web.State;

/// <summary>Which files of a run folder all nodes have, and how they grow.</summary>
internal static class MirroredFiles
{
    /// <summary>Longest file that is mirrored: a day of seconds over many hosts is far less.</summary>
    public const long MostBytes = 4L << 30;

    private const int MostFiles = 64;

    /// <summary>A name that may become a file of a run folder.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= 100 && name[0] != '.' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')
        && name is not "reserve" && !name.EndsWith(".tmp", StringComparison.Ordinal) && !name.EndsWith(".new", StringComparison.Ordinal) && !name.EndsWith(".sock", StringComparison.Ordinal);

    /// <summary>A name that may become a run folder.</summary>
    public static bool IsRun(string id) => id.Length is > 0 and <= 200 && id[0] != '.' && id.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_');

    /// <summary>Whether a file only ever grows.</summary>
    public static bool IsLog(string name) => name.EndsWith(".log", StringComparison.Ordinal);

    /// <summary>The files of a folder. A link may lead anywhere, so none is followed.</summary>
    public static IEnumerable<FileInfo> Of(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles().Where(f => IsName(f.Name) && f.LinkTarget is null && f.Length <= MostBytes).OrderBy(f => Order(f.Name)).ThenBy(f => f.Name, StringComparer.Ordinal).Take(MostFiles);

    /// <summary>With its manifest a folder becomes a run, and with its summary a run is over: whoever sees them finds the rest in place.</summary>
    public static int Order(string name) => name switch { RunFolder.ManifestFile => 3, "summary.json" => 2, _ when IsLog(name) => 0, _ => 1 };
}
