using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Pressure.Agent.Tests;

/// <summary>A .NET process that collects garbage when told to, and says what its runtime says of it (<c>tests/collector</c>).</summary>
internal sealed class CollectorProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private CollectorProcess(ProcessStartInfo start)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = true;
        start.StandardOutputEncoding = Encoding.UTF8;
        _process = Process.Start(start)!;
        NamespacePid = Pid = _process.Id;
    }

    /// <summary>Its id as this process knows it.</summary>
    public int Pid { get; private set; }

    /// <summary>Its id as it knows it itself.</summary>
    public int NamespacePid { get; private init; }

    public WatchedProcess Watched => new(Pid, StartOf(Pid), "collector", NamespacePid, ["dotnet", "Pressure.Collector.dll"], null, "sorting", GcRuntime.Dotnet);

    // Both are built with the same configuration.
    private static string Folder
    {
        get
        {
            var here = AppContext.BaseDirectory.TrimEnd('/').Split('/');
            return string.Join('/', [.. here[..^4], "collector", .. here[^3..]]);
        }
    }

    public static async Task<CollectorProcess> StartAsync(params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", Folder + "/Pressure.Collector.dll");
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var collector = new CollectorProcess(start);
        await collector.AnswerAsync();
        return collector;
    }

    /// <summary>Starts it as a container's only process: number 1 of its own ids, with a /tmp of its own.</summary>
    public static async Task<CollectorProcess> StartInContainerAsync()
    {
        const string Script = "mount --bind \"$0\" /mnt && mount -t tmpfs none /tmp && exec dotnet /mnt/Pressure.Collector.dll";
        List<string> arguments = ["--pid", "--fork", "--mount", "--kill-child", "sh", "-c", Script, Folder];
        if (!Environment.IsPrivilegedProcess)
            arguments.InsertRange(0, ["--user", "--map-root-user"]);
        var collector = new CollectorProcess(new ProcessStartInfo("unshare", arguments)) { NamespacePid = 1 };
        await collector.AnswerAsync();
        collector.Pid = int.Parse(File.ReadAllText($"/proc/{collector.Pid}/task/{collector.Pid}/children"), CultureInfo.InvariantCulture);
        return collector;
    }

    /// <summary>Has it do something; see its program for what there is.</summary>
    public async Task<RuntimeSays> DoAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync();
        return await AnswerAsync();
    }

    /// <summary>Ends it the hard way.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await ExitAsync();
    }

    public Task ExitAsync() => _process.WaitForExitAsync().WaitAsync(Limit);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private static long StartOf(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        return long.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19], CultureInfo.InvariantCulture);
    }

    private async Task<RuntimeSays> AnswerAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(Limit);
        var words = line!.Split(' ');
        long Number(int index) => long.Parse(words[index], CultureInfo.InvariantCulture);
        return new RuntimeSays([Number(0), Number(1), Number(2)], TimeSpan.FromMilliseconds(double.Parse(words[3], CultureInfo.InvariantCulture)), Number(4), Number(5), Number(6));
    }
}

/// <summary>A runtime's own figures.</summary>
/// <param name="Collections">By generation; each counts in those below.</param>
/// <param name="Paused">In all since it started.</param>
/// <param name="Allocated">Bytes since it started.</param>
/// <param name="Heap">Bytes after the last collection.</param>
/// <param name="Committed">Bytes that the heap has taken from the system.</param>
internal sealed record RuntimeSays(long[] Collections, TimeSpan Paused, long Allocated, long Heap, long Committed);
