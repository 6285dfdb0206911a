using System.Diagnostics;

namespace Pressure.Bench.Access;

/// <summary>This program as another process: takes orders and answers each with a line, and ends with its input.</summary>
internal sealed class Child : IAsyncDisposable
{
    private readonly Process _process;

    private Child(Process process) => _process = process;

    public static Child Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Child).Assembly.Location, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        return new Child(Process.Start(start)!);
    }

    public async Task<string> AskAsync(string order)
    {
        await _process.StandardInput.WriteLineAsync(order);
        return await AnswerAsync();
    }

    public async Task<string> AnswerAsync() => await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("A process of the benchmark ended early; what it said is above.");

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }
        _process.Dispose();
    }
}
