using System.Diagnostics;
using Pressure.TestKit;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>Run folders that can't be written.</summary>
public class FolderTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("/dev/null/run")]
    [InlineData("/proc/run")]
    [InlineData("plan.yaml")]
    public async Task A_run_folder_that_can_not_be_made_is_told_before_anything_is_sent(string folder)
    {
        await using var target = RawTarget.Answering();
        using var program = new PressureProgram().Press(Plans.Of(target.Url), "--no-report", "--quiet", "--out", folder);

        var ended = await program.EndAsync();

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("--out", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
        Assert.Equal(0, target.Served);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_earlier_run_is_never_overwritten()
    {
        await using var target = RawTarget.Answering();
        using var program = new PressureProgram().Press(Plans.Of(target.Url));
        await program.EndAsync();
        var before = File.ReadAllText(Path.Combine(program.RunFolder, "summary.json"));

        var again = await program.Press(Plans.Of(target.Url)).EndAsync();

        Assert.Equal(2, again.ExitCode);
        Assert.Equal(before, File.ReadAllText(Path.Combine(program.RunFolder, "summary.json")));
        Assert.Equal(20, target.Served);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_disk_that_runs_full_ends_the_run_and_keeps_what_is_on_it()
    {
        using var disk = new TinyDisk();
        if (!disk.IsMounted)
            Assert.Skip("Mounting a small disk needs root and the right to mount.");
        await using var target = RawTarget.Answering();
        var folder = Path.Combine(disk.Path, "run");
        using var program = new PressureProgram().Press(ManyRequests(target.Url), "--no-report", "--quiet", "--out", folder);
        while (new FileInfo(Path.Combine(folder, "intervals.log")) is not { Exists: true, Length: > 100 })
            await Task.Delay(10, TestContext.Current.CancellationToken);

        disk.Fill();
        var ended = await program.EndAsync();

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("No space left", ended.Output + ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);

        disk.MakeRoom();
        using var report = new PressureProgram().Start("report", folder, "--no-report", "--quiet");
        await report.EndAsync();
        Assert.Contains("\"ok\": ", File.ReadAllText(Path.Combine(folder, "summary.json")), StringComparison.Ordinal);
    }

    // Many requests make large intervals, which fill the last page of a log soon.
    private static string ManyRequests(Uri target) =>
        $"name: full\ntarget: {target}\nload: {{ rate: 500/s, duration: 10m }}\nscenarios: [ {{ name: a, steps: [ {string.Join(", ", Enumerable.Range(0, 100).Select(i => $"{{ get: /{i} }}"))} ] }} ]\n";

    /// <summary>A disk of 1 MiB in memory.</summary>
    private sealed class TinyDisk : IDisposable
    {
        private readonly TempFolder _folder = new();

        public TinyDisk() => IsMounted = Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", Path) == 0;

        public string Path => _folder.Path;

        public bool IsMounted { get; }

        private string Filler => System.IO.Path.Combine(Path, "filler");

        public void Fill()
        {
            try
            {
                using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
                while (true)
                    file.Write(new byte[4096]);
            }
            catch (IOException)
            {
                // Full.
            }
        }

        public void MakeRoom() => File.Delete(Filler);

        public void Dispose()
        {
            if (IsMounted)
                Run("umount", "-l", Path);
            _folder.Dispose();
        }

        private static int Run(string command, params string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode;
        }
    }
}
