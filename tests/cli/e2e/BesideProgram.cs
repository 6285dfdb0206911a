using System.Diagnostics;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>A program that runs beside the test until it is disposed; its lines can be waited for.</summary>
internal sealed class BesideProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly Lock _gate = new();

    public BesideProgram(string program, string folder, params string[] arguments)
        : this(program, folder, [], arguments)
    {
    }

    public BesideProgram(string program, string folder, (string Name, string Value)[] environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public string Output
    {
        get
        {
            lock (_gate)
                return string.Join('\n', _lines);
        }
    }

    /// <summary>The first line that holds a text, as soon as it is written.</summary>
    public async Task<string> LineAsync(string text)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_lines.Find(l => l.Contains(text, StringComparison.Ordinal)) is { } line)
                    return line;
            }
            if (_process.HasExited)
                throw new IOException($"{_process.StartInfo.FileName} ended ({_process.ExitCode}): {Output}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    public async Task<int> EndAsync()
    {
        // Not WaitForExitAsync: that waits for the end of its output too, which a successor of it may hold open.
        while (!_process.HasExited)
            await Task.Delay(50, TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit(TimeSpan.FromSeconds(10));
        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
            return;
        lock (_gate)
            _lines.Add(line);
    }
}
