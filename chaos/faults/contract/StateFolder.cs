using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Pressure.Faults;

/// <summary>Where the machine's chaos state lies: intents of faults, leases, the global stop, the guards' book. One folder for every program of a machine.</summary>
public static class StateFolder
{
    /// <summary><c>PRESSURE_CHAOS_DIR</c>, else <c>/var/lib/pressure/chaos</c> for root, else <c>~/.local/state/pressure/chaos</c>.</summary>
    public static string Usual =>
        Environment.GetEnvironmentVariable("PRESSURE_CHAOS_DIR") is { Length: > 0 } named ? Path.GetFullPath(named)
            : Environment.UserName == "root" ? "/var/lib/pressure/chaos"
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state", "pressure", "chaos");

    /// <summary>Makes it, for its owner only.</summary>
    /// <exception cref="IOException">It can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It can't be made.</exception>
    public static string Ensure(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return folder;
    }

    /// <summary>Writes a file of the folder whole or not at all: whoever reads it meanwhile gets the old one or the new one.</summary>
    internal static void Replace(string folder, string path, byte[] bytes)
    {
        var written = Path.Combine(Ensure(folder), $".new-{Guid.NewGuid():N}");
        try
        {
            File.WriteAllBytes(written, bytes);
            File.Move(written, path, overwrite: true);
        }
        catch
        {
            File.Delete(written);
            throw;
        }
    }

    /// <summary>Makes a file that says something by being there. Where the disk is full it says nothing more: whoever wants faults to end must not have to make space first.</summary>
    /// <exception cref="IOException">It can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It can't be made.</exception>
    internal static void Mark(string folder, string path, byte[] bytes)
    {
        try
        {
            Replace(folder, path, bytes);
        }
        catch (IOException)
        {
            File.Open(path, FileMode.OpenOrCreate).Dispose();
        }
    }

    /// <summary>Reads a file of the folder; null if it is not there, or says nothing.</summary>
    internal static T? TryRead<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or NotSupportedException)
        {
            return null;
        }
    }
}
