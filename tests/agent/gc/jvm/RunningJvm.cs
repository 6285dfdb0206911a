using System.Diagnostics;
using System.Globalization;

namespace Pressure.Agent.Tests;

/// <summary>A JVM of our own that makes garbage when it is told to (GcLoad.java); it ends with the test.</summary>
internal sealed class RunningJvm : IDisposable
{
    private const string Mounts = "counters=/tmp/hsperfdata_$(id -un) && mkdir -p -m 755 \"$counters\" && mount -t tmpfs -o mode=755 none \"$counters\" && mount -t tmpfs none \"$0\" && exec \"$@\"";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly Process _process;

    public RunningJvm(string folder, params string[] options)
        : this([], folder, options)
    {
    }

    private RunningJvm(string[] before, string folder, string[] options)
    {
        string[] command = [.. before, "java", .. options, Path.Combine(AppContext.BaseDirectory, "gc", "jvm", "GcLoad.java"), "40"];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment.Remove("JAVA_TOOL_OPTIONS");
        start.Environment.Remove("JDK_JAVA_OPTIONS");
        _process = Process.Start(start)!;
        Expect("ready");
        Pid = before.Length == 0 ? _process.Id : int.Parse(File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children").Trim(), CultureInfo.InvariantCulture);
        NamespacePid = before.Length == 0 ? Pid : 1;
    }

    /// <summary>In a pid namespace and a mount namespace of its own, as in a container: process 1 there; its counters and what it writes under the path are seen there only.</summary>
    public static RunningJvm InNamespaces(string path, params string[] options) =>
        new(["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", Mounts, path], path, options);

    public int Pid { get; }

    public int NamespacePid { get; }

    public WatchedProcess Watched => new(
        Pid, StartTicks(), "load", NamespacePid, File.ReadAllText($"/proc/{Pid}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries), null, "shop", GcRuntime.Jvm);

    /// <summary>How long its threads have stood still for collections, by its own counters; and how often.</summary>
    public (TimeSpan Paused, long Times) Total()
    {
        var data = HsPerfData.Read(JvmFiles.ReadSmall(Directory.EnumerateDirectories("/tmp", "hsperfdata_*").Select(d => Path.Combine(d, $"{NamespacePid}")).First(File.Exists))!)!;
        var slots = Enumerable.Range(0, 4).Select(n => $"sun.gc.collector.{n}.");
        return (TimeSpan.FromSeconds(slots.Sum(s => data.Number(s + "time") ?? 0) / (double)data.Number("sun.os.hrt.frequency")!.Value), slots.Sum(s => data.Number(s + "invocations") ?? 0));
    }

    public void Begin() => Tell('s', null);

    public void End() => Tell('e', "ended");

    public void Collect() => Tell('g', "collected");

    /// <summary>Milliseconds by its collectors' management beans.</summary>
    public double BeansMilliseconds()
    {
        Tell('t', null);
        return ReadLine().Split(';').Skip(1).Select(b => b.Split(',')).Where(b => !b[0].Contains("Cycles", StringComparison.Ordinal)).Sum(b => double.Parse(b[2], CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Tell(char what, string? answer)
    {
        _process.StandardInput.Write(what);
        _process.StandardInput.Flush();
        if (answer is not null)
            Expect(answer);
    }

    private void Expect(string line)
    {
        var said = ReadLine();
        // JVMs in pid namespaces of their own that share /tmp warn of each other's counters.
        while (said.StartsWith('['))
            said = ReadLine();
        Assert.Equal(line, said);
    }

    private string ReadLine()
    {
        var line = _process.StandardOutput.ReadLineAsync();
        Assert.True(line.Wait(Patience), "The JVM does not answer.");
        return line.Result ?? "";
    }

    private long StartTicks()
    {
        var stat = File.ReadAllText($"/proc/{Pid}/stat");
        return long.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19], CultureInfo.InvariantCulture);
    }
}
