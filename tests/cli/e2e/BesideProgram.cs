using System.Diagnostics;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>A program that runs beside the test until it is disposed; its lines can be waited for.</summary>
internal sealed class BesideProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _outputRead = new(TaskCreationOptions.RunContinuationsAsynchronously), _errorRead = new(TaskCreationOptions.RunContinuationsAsynchronously);

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
        _process.OutputDataReceived += (_, line) => Take(line.Data, _outputRead);
        _process.ErrorDataReceived += (_, line) => Take(line.Data, _errorRead);
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
            var isAll = _process.HasExited;
            if (isAll)
                await ReadAsync();
            lock (_gate)
            {
                if (_lines.Find(l => l.Contains(text, StringComparison.Ordinal)) is { } line)
                    return line;
            }
            if (isAll)
                throw new IOException($"{_process.StartInfo.FileName} ended ({_process.ExitCode}): {Output}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for its end; its output is whole then.</summary>
    public async Task<int> EndAsync()
    {
        var code = await ExitAsync();
        await ReadAsync();
        return code;
    }

    /// <summary>Waits for its end, whatever it has said: for one whose successor goes on writing where it wrote.</summary>
    public async Task<int> ExitAsync()
    {
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

    /// <summary>What it wrote last may still lie in the pipe when it has ended. A program that it has started may hold the pipe open, though, and is not waited for.</summary>
    private async Task ReadAsync() => await Task.WhenAny(Task.WhenAll(_outputRead.Task, _errorRead.Task), Task.Delay(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken));

    private void Take(string? line, TaskCompletionSource all)
    {
        if (line is null)
        {
            all.TrySetResult();
            return;
        }
        lock (_gate)
            _lines.Add(line);
    }
}
