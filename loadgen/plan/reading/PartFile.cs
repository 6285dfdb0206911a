namespace Pressure.LoadGen;

/// <summary>Reads a file that a request uploads; its path counts from the plan's folder.</summary>
internal static class PartFile
{
    /// <summary>Largest file, and largest body with files, in bytes: every request under way may hold a copy.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>The file's bytes; null after reporting.</summary>
    /// <param name="part">The part that names it, in <c>file</c>.</param>
    /// <param name="file">The name.</param>
    /// <param name="folder">The plan's folder; null when the plan is a text without one, which may not read files.</param>
    public static byte[]? Read(FieldReader part, string file, string? folder)
    {
        if (folder is null)
            part.Report("file", "files can't be read here", "Run the plan as a file from the command line; its files lie beside it.");
        else if (TryRead(folder, file, out var complaint) is { } bytes)
            return bytes;
        else
            part.Report("file", complaint.Message, complaint.Remedy);
        return null;
    }

    private static byte[]? TryRead(string folder, string file, out Complaint complaint)
    {
        complaint = new($"there is no file '{Shown.Of(file)}'", "Check the path; it counts from the plan's folder.");
        try
        {
            var path = Path.Combine(folder, file);
            if (!File.Exists(path))
                return null;
            using var stream = File.OpenRead(path);
            // Devices and pipes have no length, and some of them no end.
            if (!stream.CanSeek || stream.Length > MaxBytes)
            {
                complaint = new($"'{Shown.Of(file)}' is larger than {MaxBytes / (1024 * 1024)} MiB, or no plain file", "Upload a smaller one.");
                return null;
            }

            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            complaint = new($"'{Shown.Of(file)}' can't be read: {e.Message.TrimEnd('.')}", "Check the path and its permissions.");
            return null;
        }
    }
}
