using System.Text;

namespace Pressure.Web.Access;

/// <summary>A file that only this user may read, written whole or not at all.</summary>
internal static class SecretFile
{
    /// <summary>Writes beside the file and renames.</summary>
    /// <exception cref="IOException">It can't be written; the file is as before.</exception>
    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>The same for bytes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">What it will hold.</param>
    /// <param name="durable">Whether it has to outlive a power cut.</param>
    /// <exception cref="IOException">It can't be written; the file is as before.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes, bool durable = true)
    {
        var beside = path + ".new";
        // One that a crash has left could be open to others.
        File.Delete(beside);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(beside, options))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: durable);
        }
        File.Move(beside, path, overwrite: true);
    }
}
