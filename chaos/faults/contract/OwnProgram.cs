using System.Diagnostics;

namespace Pressure.Faults;

/// <summary>This program once more, as a process of its own with an inner verb (<see cref="InnerVerbs"/>).</summary>
internal static class OwnProgram
{
    /// <summary>How to start it: its own host where it has one, else <c>dotnet</c> with its library.</summary>
    /// <remarks>Tests name the program to start, since they are another one: <c>PRESSURE_PROGRAM=/path/to/pressure.dll</c>.</remarks>
    public static ProcessStartInfo Start(params IReadOnlyList<string> arguments)
    {
        var library = Environment.GetEnvironmentVariable("PRESSURE_PROGRAM");
        if (library is null && Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) != "dotnet")
            return new(host, arguments);
        library ??= Environment.GetCommandLineArgs()[0];
        return library.EndsWith(".dll", StringComparison.Ordinal)
            ? new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet"), [library, .. arguments])
            : new(library, arguments);
    }
}
