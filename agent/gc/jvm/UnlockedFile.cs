using Microsoft.Win32.SafeHandles;

namespace Pressure.Agent;

/// <summary>
/// Opens another program's file without the advisory lock that .NET puts on every file it opens: a JVM holds such a lock on its counters, and
/// no log's writer may be held up by a reader. Opening a pipe does not wait for a writer.
/// </summary>
internal static class UnlockedFile
{
    /// <summary>Null if that is not possible.</summary>
    public static SafeFileHandle? Open(string path)
    {
        var descriptor = Libc.Open(path);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }
}
