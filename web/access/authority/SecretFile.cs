using System.Text;

namespace Pressure.Web.Access;

/// <summary>A file that only this user may read, written whole or not at all.</summary>
internal static class SecretFile
{
    /// <summary>Writes beside the file and renames.</summary>
    /// <exception cref="IOException">It can't be written; the file is as before.</exception>
    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <inheritdoc cref="Write(string, string)"/>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var beside = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(beside, options))
            file.Write(bytes);
        File.Move(beside, path, overwrite: true);
    }
}
