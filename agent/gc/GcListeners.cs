using Pressure.Record;

namespace Pressure.Agent;

/// <summary>The runtimes whose collections can be heard.</summary>
public static class GcListeners
{
    /// <summary>How to listen to each.</summary>
    /// <param name="time">The host's clock.</param>
    /// <param name="proc">Where the proc file system is mounted.</param>
    public static IReadOnlyDictionary<GcRuntime, GcListen> All(TimeProvider time, string proc = "/proc") => new Dictionary<GcRuntime, GcListen>
    {
        [GcRuntime.Dotnet] = (process, sink) => new DotnetGcListener(process, sink, time, proc),
        [GcRuntime.Jvm] = (process, sink) => new JvmGcListener(process, sink, time, proc),
    };
}
