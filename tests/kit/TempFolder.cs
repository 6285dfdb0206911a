using System.Diagnostics;

namespace Pressure.TestKit;

/// <summary>A folder of its own for a test, deleted afterwards.</summary>
public sealed class TempFolder : IDisposable
{
    /// <summary>Full path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("pressure-test-").FullName;

    /// <summary>A path inside.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>A script inside that can be started.</summary>
    public string Script(string name, string text)
    {
        var written = File(name + ".text");
        System.IO.File.WriteAllText(written, text);
        return Program(name, written);
    }

    /// <summary>A copy of a program inside that can be started.</summary>
    /// <remarks>
    /// Another process makes it: if this one held it open for writing, a child that is just being started elsewhere would hold it open as well for a moment, and the
    /// kernel starts no program that somebody may write to ("Text file busy").
    /// </remarks>
    public string Program(string name, string original)
    {
        using var install = Process.Start("install", ["-m", "755", original, File(name)]);
        install.WaitForExit();
        return install.ExitCode == 0 ? File(name) : throw new IOException($"{original} can't be copied to {File(name)}");
    }

    /// <inheritdoc/>
    public void Dispose() => Delete(Path);

    /// <summary>Deletes a folder with all that is in it, though somebody may be writing into it.</summary>
    public static void Delete(string folder)
    {
        for (var tries = 1; Directory.Exists(folder); tries++)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException) when (tries < 100)
            {
                // Whoever a test left for dead may write a file just now.
            }
        }
    }
}
