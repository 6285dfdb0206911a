using System.Globalization;

namespace Pressure.Agent.Tests;

/// <summary>A host as files: what would be <c>/proc</c> and <c>/sys/fs/cgroup</c>.</summary>
internal sealed class HostTree : IDisposable
{
    private readonly TempFolder _folder = new();

    public HostRoots Roots => new(Path("proc"), Path("cgroup"), []);

    public void Dispose() => _folder.Dispose();

    public string Path(string name) => _folder.File(name);

    public void Write(string name, string text)
    {
        var path = Path(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public void Link(string name, string target)
    {
        var path = Path(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.CreateSymbolicLink(path, target);
    }

    public void Delete(string folder) => Directory.Delete(Path(folder), recursive: true);

    public void Process(int pid, string command, long start = 1, int threads = 1, string arguments = "", string? namespacePid = null, string? cgroup = null, long flags = 0x40_0000, long ticks = 30, long pages = 50)
    {
        Write($"proc/{pid}/stat", $"{pid} ({command}) S 1 1 1 0 -1 {flags} 0 0 0 0 {ticks - 10} 10 0 0 20 0 {threads} 0 {start} 1000 {pages} 1 1\n");
        Write($"proc/{pid}/status", $"Name:\t{command}\nNSpid:\t{namespacePid?.Replace(' ', '\t') ?? pid.ToString(CultureInfo.InvariantCulture)}\n");
        Write($"proc/{pid}/cmdline", arguments);
        Write($"proc/{pid}/cgroup", (cgroup ?? "0::/") + "\n");
    }
}
