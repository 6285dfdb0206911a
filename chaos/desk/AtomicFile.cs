namespace Pressure.Chaos;

/// <summary>A small file that is there whole or not at all, for its owner only.</summary>
public static class AtomicFile
{
    /// <summary>Writes it; whoever reads it meanwhile finds what was there before.</summary>
    /// <exception cref="IOException">It can't be written; what was there stays.</exception>
    public static void Write(string path, string text)
    {
        var draft = $"{path}.{Guid.NewGuid():n}.tmp";
        try
        {
            File.WriteAllText(draft, text);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(draft, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.Move(draft, path, overwrite: true);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }
}
