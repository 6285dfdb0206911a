namespace Pressure.Cli.Capture;

/// <summary>Files that hold traffic, which is nobody else's business.</summary>
internal static class OwnFile
{
    /// <summary>Makes a file, readable by its owner alone.</summary>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 1 << 20 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }
}
