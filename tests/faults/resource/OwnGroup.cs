namespace Pressure.Faults.Tests.Resource;

/// <summary>A control group (version 1) of a test's own, removed with it.</summary>
internal sealed class OwnGroup : IDisposable
{
    private static int s_count;

    private readonly string _controller;
    private readonly string _name = $"pressure-test-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}";

    public OwnGroup(string controller)
    {
        _controller = controller;
        Assert.SkipUnless(Directory.Exists($"/sys/fs/cgroup/{controller}") && Environment.UserName == "root", $"Needs root and the {controller} controller of version 1.");
        Make();
    }

    public string Path => $"/sys/fs/cgroup/{_controller}/{_name}";

    public void Make() => Directory.CreateDirectory(Path);

    public void Add(int pid) => File.WriteAllText($"{Path}/cgroup.procs", $"{pid}");

    public string Read(string file) => File.ReadAllText($"{Path}/{file}");

    public void Write(string file, string value) => File.WriteAllText($"{Path}/{file}", value);

    /// <summary>All its settings, byte for byte: what can be written, without counters.</summary>
    public IReadOnlyDictionary<string, string> Settings() => Settings(Path);

    public static IReadOnlyDictionary<string, string> Settings(string folder)
    {
        Dictionary<string, string> settings = [];
        foreach (var file in Directory.EnumerateFiles(folder).Where(f => System.IO.Path.GetFileName(f) is var n && (n.Contains("limit_in", StringComparison.Ordinal) || n.StartsWith("cpu.cfs", StringComparison.Ordinal) || n is "cpu.shares" || n.EndsWith("_device", StringComparison.Ordinal))))
            settings[System.IO.Path.GetFileName(file)] = File.ReadAllText(file);
        return settings;
    }

    /// <summary>Removes it; whoever is in it goes to the group above first.</summary>
    public void Remove()
    {
        foreach (var pid in File.ReadAllLines($"{Path}/cgroup.procs"))
        {
            try
            {
                File.WriteAllText($"/sys/fs/cgroup/{_controller}/cgroup.procs", pid);
            }
            catch (IOException)
            {
                // It ended in between.
            }
        }
        Directory.Delete(Path, recursive: false);
    }

    public void Dispose()
    {
        if (Directory.Exists(Path))
            Remove();
    }
}
