namespace Pressure.Web.State;

/// <summary>A file that is there whole or not at all, for its owner only.</summary>
internal static class WholeFile
{
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
