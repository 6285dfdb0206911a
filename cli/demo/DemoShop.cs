using System.Diagnostics;
using System.Text.Json;

namespace Pressure.Cli.Demo;

/// <summary>The sample shop as a process of its own, so that its work is not taken for the generator's.</summary>
internal sealed class DemoShop : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private DemoShop(Process process, string gatewayUrl) => (_process, GatewayUrl) = (process, gatewayUrl);

    public string GatewayUrl { get; }

    /// <exception cref="IOException">The shop did not start.</exception>
    public static async Task<DemoShop> StartAsync()
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "shop.dll"), "--all", "--port", "0", "--until-stdin-closes" },
            RedirectStandardOutput = true,
            // The shop ends with its input, so it outlives neither this process nor its Ctrl-C.
            RedirectStandardInput = true,
        };
        var process = Process.Start(start) ?? throw new IOException("The sample shop did not start.");
        var line = process.StandardOutput.ReadLineAsync();
        if (await Task.WhenAny(line, Task.Delay(Patience)) != line)
        {
            process.Kill();
            throw new IOException($"The sample shop was not ready within {Patience.TotalSeconds:0} s.");
        }
        if (await line is not { } ready)
        {
            await process.WaitForExitAsync();
            throw new IOException($"The sample shop ended with exit code {process.ExitCode} before it was ready.");
        }
        var url = JsonDocument.Parse(ready).RootElement.GetProperty("gateway").GetString()!;
        return new DemoShop(process, url);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
