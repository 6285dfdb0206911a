using System.Text;

namespace Pressure.Record;

/// <summary>Writes a file that is there whole or not at all: a reader, or a crash, meets what was there before or what is there now, never half of it.</summary>
public static class WholeFile
{
    /// <summary>Writes bytes.</summary>
    /// <param name="path">The file; its folder has to be there.</param>
    /// <param name="bytes">What it will hold.</param>
    /// <param name="durable">Whether it has to outlive a power cut.</param>
    /// <exception cref="IOException">It can't be written; what was there stays.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it be.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes, bool durable = true) => Write(path, bytes, null, durable);

    /// <summary>Writes text (UTF-8, without a mark).</summary>
    /// <inheritdoc cref="Write(string, ReadOnlySpan{byte}, bool)" path="/exception"/>
    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>The same, piece by piece.</summary>
    /// <inheritdoc cref="Write(string, ReadOnlySpan{byte}, bool)" path="/exception"/>
    public static void Write(string path, Action<TextWriter> write)
    {
        using var draft = new Draft(path, null);
        using (var text = new StreamWriter(draft.Stream, leaveOpen: true))
            write(text);
        draft.Take(durable: true);
    }

    /// <summary>Writes bytes that only the owner of the file may read, at no moment anybody else.</summary>
    /// <inheritdoc cref="Write(string, ReadOnlySpan{byte}, bool)" path="/exception"/>
    public static void WriteSecret(string path, ReadOnlySpan<byte> bytes, bool durable = true) =>
        Write(path, bytes, UnixFileMode.UserRead | UnixFileMode.UserWrite, durable);

    /// <summary>The same for text.</summary>
    /// <inheritdoc cref="Write(string, ReadOnlySpan{byte}, bool)" path="/exception"/>
    public static void WriteSecret(string path, string text) => WriteSecret(path, Encoding.UTF8.GetBytes(text));

    private static void Write(string path, ReadOnlySpan<byte> bytes, UnixFileMode? rights, bool durable)
    {
        using var draft = new Draft(path, rights);
        draft.Stream.Write(bytes);
        draft.Take(durable);
    }

    /// <summary>What the file will be; deleted unless it is taken.</summary>
    private sealed class Draft : IDisposable
    {
        private readonly string _path;
        private readonly string _draft;

        public Draft(string path, UnixFileMode? rights)
        {
            // Beside the file, since only a move within one file system is atomic; of its own name, since two may write at once.
            (_path, _draft) = (path, $"{path}.{Guid.NewGuid():n}.tmp");
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows() && rights is not null)
                options.UnixCreateMode = rights;
            Stream = new FileStream(_draft, options);
        }

        public FileStream Stream { get; }

        public void Take(bool durable)
        {
            Stream.Flush(flushToDisk: durable);
            Stream.Dispose();
            File.Move(_draft, _path, overwrite: true);
        }

        public void Dispose()
        {
            Stream.Dispose();
            // Nothing is there any more once it was taken.
            File.Delete(_draft);
        }
    }
}
