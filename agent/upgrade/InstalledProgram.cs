namespace Pressure.Agent;

/// <summary>
/// Where the agent's programs lie on a host, as the install script lays them:
/// <code>
/// PREFIX/pressure-agent            a link to the version that a restart starts
/// PREFIX/versions/V/pressure-agent
/// </code>
/// </summary>
public sealed class InstalledProgram
{
    private const string Program = "pressure-agent";
    private const string Versions = "versions";
    private readonly string _prefix;

    private InstalledProgram(string prefix, string version) => (_prefix, Version) = (prefix, version);

    /// <summary>The version that the given program is.</summary>
    public string Version { get; }

    /// <summary>The program that a restart starts, with links resolved; null if there is none.</summary>
    public string? Current => File.ResolveLinkTarget(Path.Combine(_prefix, Program), returnFinalTarget: true)?.FullName;

    /// <summary>The layout that a running program is part of; null if it was not installed so (a developer's build, another package).</summary>
    /// <param name="path">Its file, links resolved.</param>
    public static InstalledProgram? Of(string? path)
    {
        var version = Path.GetDirectoryName(path);
        var versions = Path.GetDirectoryName(version);
        return Path.GetFileName(path) == Program && Path.GetFileName(versions) == Versions
            ? new InstalledProgram(Path.GetDirectoryName(versions)!, Path.GetFileName(version)!)
            : null;
    }

    /// <summary>Whether text can be a version's name: what goes into a path is never taken as it comes.</summary>
    public static bool IsVersion(string text) =>
        text.Length is > 0 and <= 64 && text[0] != '.' && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '+');

    /// <summary>Puts a program in its place, whole or not at all, and returns its path. The current one stays the current one.</summary>
    /// <exception cref="IOException">There is no room, or the folder can't be written.</exception>
    public string Add(string version, string downloaded)
    {
        var folder = Path.Combine(_prefix, Versions, version);
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(downloaded, (UnixFileMode)0b111_101_101);
        var path = Path.Combine(folder, Program);
        File.Move(downloaded, path, overwrite: true);
        return path;
    }

    /// <summary>A file on the same file system, to download to; another one each time.</summary>
    public string DownloadPath()
    {
        Directory.CreateDirectory(Path.Combine(_prefix, Versions));
        return Path.Combine(_prefix, Versions, $".download-{Guid.NewGuid():N}");
    }

    /// <summary>Makes a version the one that a restart starts, and removes those that are neither it nor this one.</summary>
    public void MakeCurrent(string version)
    {
        var link = Path.Combine(_prefix, $".{Program}-{Environment.ProcessId}");
        File.Delete(link);
        File.CreateSymbolicLink(link, Path.Combine(Versions, version, Program));
        File.Move(link, Path.Combine(_prefix, Program), overwrite: true);
        foreach (var folder in Directory.EnumerateDirectories(Path.Combine(_prefix, Versions)).Where(f => Path.GetFileName(f) is var name && name != version && name != Version))
            Directory.Delete(folder, recursive: true);
    }
}
