using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Pressure.Agent.Tests;

/// <summary>A .NET process that collects garbage when told to, and says what its runtime says of it (<c>tests/collector</c>).</summary>
internal sealed class CollectorProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private CollectorProcess(Process process) => _process = process;

    public int Pid => _process.Id;

    public WatchedProcess Watched => new(Pid, StartOf(Pid), "collector", Pid, ["dotnet", "Pressure.Collector.dll"], null, "sorting", GcRuntime.Dotnet);

    public static async Task<CollectorProcess> StartAsync(params (string Name, string Value)[] environment)
    {
        // Both are built with the same configuration.
        var here = AppContext.BaseDirectory.TrimEnd('/').Split('/');
        var program = string.Join('/', [.. here[..^4], "collector", .. here[^3..], "Pressure.Collector.dll"]);
        var start = new ProcessStartInfo("dotnet", program) { RedirectStandardInput = true, RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var collector = new CollectorProcess(Process.Start(start)!);
        await collector.AnswerAsync();
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
