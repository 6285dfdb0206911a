using System.Diagnostics;
using Pressure.TestKit;

namespace Pressure.Web.Tests.State;

/// <summary>A real agent as a process beside the test, known as <see cref="Name"/>.</summary>
internal sealed class RealAgent : IAsyncDisposable
{
    public const string Name = "db1";

    private readonly Process _process;

    private RealAgent(Process process) => _process = process;

    /// <summary>Enrols it at a node and starts it; it does not wait until it is connected.</summary>
    /// <param name="folder">For what it keeps: <c>agent</c>, and <c>agent-state</c> of its faults.</param>
    /// <param name="node">The node.</param>
    /// <param name="options">More for its start.</param>
    public static async Task<RealAgent> StartAsync(TempFolder folder, WebService node, params string[] options)
    {
        var token = node.Access!.Tokens.Create(TimeSpan.FromHours(1), Name).Text;
        using (var enrol = Run(folder, "enrol", "--server", $"https://127.0.0.1:{node.Access.Port}", "--token", token, "--data", folder.File("agent")))
            await enrol.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new(Run(folder, ["run", "--data", folder.File("agent"), .. options]));
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private static Process Run(TempFolder folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "pressure-agent.dll"), .. arguments]);
        start.Environment["PRESSURE_CHAOS_DIR"] = folder.File("agent-state");
        return Process.Start(start)!;
    }
}
