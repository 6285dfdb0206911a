using System.Diagnostics;
using System.Text;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary><c>pressure mirror</c> on a free port, from when it listens to what it says at its end.</summary>
internal sealed class MirrorProgram : IDisposable
{
    private const string LeadsTo = " leads to ";

    private readonly Process _process;
    private readonly TaskCompletionSource<string> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private MirrorProgram(string folder, string[] options)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "pressure"), ["mirror", "--listen", "127.0.0.1:0", .. options])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        (_output, _error) = (ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
    }

    /// <summary>Where clients come to: <c>127.0.0.1:PORT</c>.</summary>
    public string Authority { get; private set; } = "";

    /// <summary>Starts it; it listens when this returns.</summary>
    public static async Task<MirrorProgram> StartAsync(string folder, params string[] options)
    {
        var program = new MirrorProgram(folder, options);
        var said = Task.WhenAll(program._output, program._error);
        await Task.WhenAny(program._listening.Task, said);
        // One that is to end soon may have done both by now.
        if (!program._listening.Task.IsCompleted)
            Assert.Fail($"The mirror ended: {string.Concat(await said)}");
        var words = (await program._listening.Task).Split(LeadsTo)[0];
        program.Authority = words[(words.IndexOf("//", StringComparison.Ordinal) is > 0 and var scheme ? scheme + 2 : 0)..];
        return program;
    }

    /// <summary>Ends it as Ctrl-C does.</summary>
    public async Task<Ended> InterruptAsync()
    {
        using (var kill = Process.Start("kill", ["-INT", $"{_process.Id}"]))
            await kill.WaitForExitAsync();
        return await EndAsync();
    }

    /// <summary>Waits for its end.</summary>
    public async Task<Ended> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Ended(_process.ExitCode, await _output, await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task<string> ReadAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync() is { } line)
        {
            text.AppendLine(line);
            if (line.Contains(LeadsTo, StringComparison.Ordinal))
                _listening.TrySetResult(line);
        }
        return text.ToString();
    }
}
