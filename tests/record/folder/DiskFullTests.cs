using System.Diagnostics;

namespace Pressure.Record.Tests;

public sealed class DiskFullTests
{
    [Fact]
    public void After_a_full_disk_writing_goes_on_at_a_clean_boundary()
    {
        using var disk = new TinyDisk();
        var run = Path.Combine(disk.Path, "run");
        var ballast = Path.Combine(disk.Path, "ballast");
        using var writer = RunFolder.Create(run, Sample.Manifest, Sample.Plan);
        writer.Append(Sample.Interval(0));
        FillUp(ballast);

        var written = 1;
        Assert.Throws<IOException>(() =>
        {
            for (; written < 10_000; written++)
                writer.Append(Sample.Interval(written));
        });
        Assert.Throws<IOException>(() => writer.Append(Sample.Interval(written)));
        var full = RunFolder.Read(run);
        File.Delete(ballast);
        writer.Append(Sample.Interval(written));
        var freed = RunFolder.Read(run);

        Assert.Equal(Enumerable.Range(0, written), full.Intervals.Select(i => i.Second));
        Assert.Empty(full.Recoveries);
        Assert.Equal(Enumerable.Range(0, written + 1), freed.Intervals.Select(i => i.Second));
        Assert.Empty(freed.Recoveries);
    }

    private static void FillUp(string path)
    {
        using var file = File.Create(path, bufferSize: 0);
        try
        {
            while (true)
                file.Write(new byte[1024]);
        }
        catch (IOException)
        {
            // Full: what we came for.
        }
    }

    /// <summary>A file system of 64 KiB in memory.</summary>
    private sealed class TinyDisk : IDisposable
    {
        private readonly TempFolder _temp = new();

        public TinyDisk()
        {
            Assert.SkipUnless(Environment.IsPrivilegedProcess && OperatingSystem.IsLinux(), "Mounting a small disk needs root.");
            Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", Path);
        }

        public string Path => _temp.Path;

        public void Dispose()
        {
            Run("umount", "--lazy", Path);
            _temp.Dispose();
        }

        private static void Run(string program, params string[] arguments)
        {
            using var process = Process.Start(program, arguments);
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }
    }
}
