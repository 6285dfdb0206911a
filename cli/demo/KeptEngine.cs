using System.ComponentModel;
using System.Diagnostics;

namespace Pressure.Cli.Demo;

/// <summary>The engine that a <see cref="DemoKeeper"/> holds for this process. When this is disposed of, or this process dies, all of the demo is cleared away.</summary>
internal sealed class KeptEngine : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _keeper;

    private KeptEngine(Process keeper) => _keeper = keeper;

    /// <summary>Path of its socket.</summary>
    public string Socket { get; private set; } = "";

    /// <param name="place">The demo's folder; it goes with the keeper.</param>
    /// <param name="shop">What its containers' names begin with.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="IOException">There is no engine; the message says what to do.</exception>
    public static async Task<KeptEngine> StartAsync(string place, string shop, CancellationToken stop)
    {
        var engine = new KeptEngine(Launch(place, shop));
        try
        {
            engine.Socket = DemoKeeper.SocketOf(await engine._keeper.StandardOutput.ReadLineAsync(stop));
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _keeper.StandardInput.Close();
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await _keeper.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // The shell that holds the engine ends it then.
            _keeper.Kill();
        }
        _keeper.Dispose();
    }

    private static Process Launch(string place, string shop)
    {
        // A session of its own: a terminal's Ctrl-C is for us, and the keeper is still needed to clear up.
        var program = Path.Combine(AppContext.BaseDirectory, "pressure.dll");
        string[] own = Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) != "dotnet" ? [host] : [Environment.ProcessPath ?? "dotnet", program];
        try
        {
            return Process.Start(new ProcessStartInfo("setsid", [.. own, DemoKeeper.Command, place, shop]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        }
        catch (Win32Exception e)
        {
            throw new IOException($"The demo needs a container engine and can't start one: {e.Message}.", e);
        }
    }
}
