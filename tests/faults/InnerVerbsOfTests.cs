using System.Runtime.CompilerServices;

namespace Pressure.Faults.Tests;

/// <summary>Lets this test program be started once more with an inner verb, as the real programs are: faults that need a process of their own find it here.</summary>
internal static class InnerVerbsOfTests
{
    [ModuleInitializer]
    internal static void Run()
    {
        if (Environment.GetEnvironmentVariable("PRESSURE_PROGRAM") is not { Length: > 0 })
            Environment.SetEnvironmentVariable("PRESSURE_PROGRAM", typeof(InnerVerbsOfTests).Assembly.Location);
        var arguments = Environment.GetCommandLineArgs();
        if (InnerVerbs.TryRun(arguments[1..]) is { } running)
            Environment.Exit(running.GetAwaiter().GetResult());
    }
}
