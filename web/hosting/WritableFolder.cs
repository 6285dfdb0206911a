namespace Pressure.Web.Hosting;

/// <summary>Makes sure of a folder before anything depends on it.</summary>
internal static class WritableFolder
{
    /// <summary>Creates the folder if it is missing and tries to write into it; returns its full path.</summary>
    /// <exception cref="IOException">It can't be created or written.</exception>
    public static string Ensure(string path)
    {
        try
        {
            var full = Directory.CreateDirectory(path).FullName;
            var probe = Path.Combine(full, $".write-{Guid.NewGuid():n}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return full;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException or ArgumentException or NotSupportedException)
        {
            throw new IOException($"The runs folder {path} can't be written: {e.Message} Choose another folder, or give this user the right to write there.", e);
        }
    }
}
