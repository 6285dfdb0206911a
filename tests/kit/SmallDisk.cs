using System.Diagnostics;

namespace Pressure.TestKit;

/// <summary>A real disk of a few hundred KiB, in memory, that can run full. Needs root on Linux.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly TempFolder _folder = new();

    /// <summary>Mounts it.</summary>
    public SmallDisk(int kibibytes = 300)
    {
        Directory.CreateDirectory(Path);
        Run("mount", "-t", "tmpfs", "-o", $"size={kibibytes}k", "tmpfs", Path);
    }

    /// <summary>Whether it can be made here.</summary>
    public static bool Possible => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess;

    /// <summary>Its folder.</summary>
    public string Path => _folder.File("disk");

    /// <summary>Leaves no byte free.</summary>
    public void Fill()
    {
        using var file = new FileStream(System.IO.Path.Combine(Path, "fill"), FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[1024];
        try
        {
            while (true)
                file.Write(block);
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    /// <summary>Gives back what <see cref="Fill"/> took.</summary>
    public void Free() => File.Delete(System.IO.Path.Combine(Path, "fill"));

    /// <inheritdoc/>
    public void Dispose()
    {
        Run("umount", "-l", Path);
        _folder.Dispose();
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new IOException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }
}
