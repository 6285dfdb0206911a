using System.Diagnostics;
using System.Text.Json;
using Pressure.TestKit;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>The built command as a child process, in a folder of its own.</summary>
internal sealed class PressureProgram : IDisposable
{
    private readonly TempFolder _folder = new();
    private Process? _process;
    private Task<string>? _output;
    private Task<string>? _error;

    /// <summary>Where it runs and where the plan lies.</summary>
    public string Folder => _folder.Path;

    /// <summary>The run folder of <see cref="Press"/>.</summary>
    public string RunFolder => _folder.File("run");

    /// <summary>Set in its environment.</summary>
    public Dictionary<string, string> Environment { get; init; } = [];

    /// <summary>Starts <c>pressure run</c> on a plan; further options replace <c>--no-report --quiet</c>.</summary>
    public PressureProgram Press(string plan, params string[] options)
    {
        File.WriteAllText(_folder.File("plan.yaml"), plan);
        if (options.Length == 0)
            options = ["--no-report", "--quiet"];
        return Start(["run", "plan.yaml", .. options, .. options.Contains("--out") ? Array.Empty<string>() : ["--out", RunFolder]]);
    }

    public PressureProgram Start(params string[] arguments)
    {
        Launch(arguments);
        _output = _process!.StandardOutput.ReadToEndAsync();
        return this;
    }

    /// <summary>Starts it without reading its output: <see cref="LineAsync"/> does.</summary>
    public PressureProgram Launch(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "pressure"), arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        _process?.Dispose();
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        (_output, _error) = (null, _process.StandardError.ReadToEndAsync());
        return this;
    }

    /// <summary>As Ctrl-C does (<c>INT</c>), or a service manager (<c>TERM</c>).</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process!.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>A line of its standard output that begins as given, once it is there; reads no further.</summary>
    public async Task<string> LineAsync(string begin)
    {
        while (await _process!.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith(begin, StringComparison.Ordinal))
                return line;
        }
        Assert.Fail($"No line begins with {begin}: {await _error!}");
        return "";
    }

    public int Id => _process!.Id;

    public async Task<Ended> EndAsync()
    {
        await _process!.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Ended(_process.ExitCode, await (_output ?? _process.StandardOutput.ReadToEndAsync()), await _error!);
    }

    /// <summary>The run's summary.json.</summary>
    public JsonElement Summary() => JsonDocument.Parse(File.ReadAllText(Path.Combine(RunFolder, "summary.json"))).RootElement;

    public void Dispose()
    {
        if (_process is { HasExited: false })
            _process.Kill(entireProcessTree: true);
        _process?.WaitForExit();
        _process?.Dispose();
        _folder.Dispose();
    }
}

/// <summary>How a process ended and what it said.</summary>
internal sealed record Ended(int ExitCode, string Output, string Error)
{
    /// <summary>Whether a run that presses for seconds came to its end as it should; 5 is a machine that was too busy to measure.</summary>
    public bool IsDone => ExitCode is 0 or 5;

    public override string ToString() => $"{ExitCode}: {Output}{Error}";
}
