namespace Pressure.Agent;

/// <summary>Files and folders that nobody else may look into.</summary>
public static class SecretFile
{
    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">What it will hold.</param>
    /// <param name="durable">Whether it has to outlive a power cut.</param>
    /// <exception cref="IOException">It can't be written; the file is as before.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes, bool durable = true)
    {
        var fresh = path + ".tmp";
        // One that is left over could be open to others.
        File.Delete(fresh);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(fresh, options))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: durable);
        }
        File.Move(fresh, path, overwrite: true);
    }

    /// <summary>Makes a folder if it is not there.</summary>
    public static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
