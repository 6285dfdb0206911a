using System.Runtime.CompilerServices;

namespace Pressure.Tests;

/// <summary>
/// Every process of tests, and whatever it starts, has chaos state of its own: a service or a command that nobody gave a folder would otherwise look
/// after the machine's, and undo what somebody else has just struck.
/// </summary>
internal static class OwnState
{
    [ModuleInitializer]
    internal static void Take()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"pressure-state-{Environment.ProcessId}");
        Environment.SetEnvironmentVariable("PRESSURE_CHAOS_DIR", folder);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        };
    }
}
