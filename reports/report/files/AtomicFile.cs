namespace Pressure.Reports;

/// <summary>Writes a file whole or not at all: a reader, or a crash, never meets half a report.</summary>
internal static class AtomicFile
{
    public static async Task WriteAsync(string path, Action<TextWriter> write, CancellationToken stop)
    {
        // Beside the target, since only a move within one file system is atomic.
        var draft = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            await using (var text = new StreamWriter(draft))
                write(text);
            stop.ThrowIfCancellationRequested();
            File.Move(draft, path, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    public static Task WriteAsync(string path, string text, CancellationToken stop) =>
        WriteAsync(path, writer => writer.Write(text), stop);
}
