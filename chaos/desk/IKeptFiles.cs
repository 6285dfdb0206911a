using Pressure.Record;

namespace Pressure.Chaos;

/// <summary>
/// Where small files of definitions (experiments, monkeys, schedules) are kept: on this machine alone, or on every node of a service. They are read
/// from this machine's disk in both cases; only changes go through here. Thread-safe.
/// </summary>
public interface IKeptFiles
{
    /// <summary>Changes a file as one step, into which nobody else's change comes: given its text (null: not there) the text that it is to have (null: none).</summary>
    /// <exception cref="IOException">It can't be changed, and is as before.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    void Change(string path, Func<string?, string?> change);
}

/// <summary>The two changes that need not know what was there.</summary>
public static class KeptFiles
{
    /// <summary>Writes a file, whatever it was.</summary>
    /// <exception cref="IOException">It can't be written, and is as before.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static void Write(this IKeptFiles files, string path, string text) => files.Change(path, _ => text);

    /// <summary>Deletes a file, if it is there.</summary>
    /// <exception cref="IOException">It can't be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static void Delete(this IKeptFiles files, string path) => files.Change(path, _ => null);
}

/// <summary>Files of this machine alone.</summary>
public sealed class OwnFiles : IKeptFiles
{
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public void Change(string path, Func<string?, string?> change)
    {
        lock (_gate)
        {
            var before = File.Exists(path) ? File.ReadAllText(path) : null;
            var after = change(before);
            if (after is null)
                File.Delete(path);
            else if (after != before)
                WholeFile.WriteSecret(path, after);
        }
    }
}
