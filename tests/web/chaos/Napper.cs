using System.Diagnostics;
using System.Runtime.CompilerServices;
using Pressure.TestKit;

namespace Pressure.Web.Tests.Chaos;

/// <summary>A process that does nothing, under a name of its own, to be frozen.</summary>
internal sealed class Napper : IDisposable
{
    private readonly Process _process;

    public Napper(TempFolder temp)
    {
        Name = $"nap-{Random.Next(100_000, 999_999)}";
        _process = Process.Start(new ProcessStartInfo(temp.Program(Name, "/bin/sleep"), ["600"]))!;
    }

    private static Random Random { get; } = new(Environment.ProcessId);

    public string Name { get; }

    public bool IsFrozen => File.ReadAllText($"/proc/{_process.Id}/stat").Split(") ")[1][0] is 'T' or 't';

    /// <summary>An experiment that freezes it for so long.</summary>
    public string Experiment(string duration = "5m", string url = "") =>
        $"title: Freeze {Name}\ndescription: Does anybody notice?\n{(url.Length == 0 ? "" : $"steady-state-hypothesis:\n  title: It answers\n  probes:\n  - {{ type: probe, name: The service answers, tolerance: 200, provider: {{ type: http, url: '{url}' }} }}\n")}method:\n- type: action\n  name: Freeze it\n  provider:\n    type: pressure\n    fault: process-freeze\n    target: {{ process: {{ name: {Name} }} }}\n    duration: {duration}\n";

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}

/// <summary>Executors are processes of a program that carries faults: here the agent, since the tests carry none.</summary>
internal static class ExecutorsOfTests
{
    [ModuleInitializer]
    internal static void Name() => Environment.SetEnvironmentVariable("PRESSURE_PROGRAM", Path.Combine(AppContext.BaseDirectory, "pressure-agent.dll"));
}
