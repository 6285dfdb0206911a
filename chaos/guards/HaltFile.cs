namespace Pressure.Chaos;

/// <summary>The global stop: while the file <c>halt</c> lies in the state folder, nothing is struck.</summary>
internal static class HaltFile
{
    /// <summary>Why everything must stop; null if nothing says so. A stop that can't be read is one.</summary>
    public static string? Why(string folder)
    {
        var file = Path.Combine(folder, "halt");
        try
        {
            return File.Exists(file) ? File.ReadAllText(file).Trim() : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return File.Exists(file) ? $"{file} can't be read" : null;
        }
    }
}
