using System.Runtime.InteropServices;

namespace Pressure.Web.Access;

/// <summary>
/// Gives memory that handshakes have left behind back to the system: after thousands of them it is a kilobyte or more for each connection that stays,
/// which the C library would keep. Called once a second.
/// </summary>
internal sealed partial class NativeMemory(TimeProvider time)
{
    private const int Storm = 1_000;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private int _handshakes;
    private long _trimmed = time.GetTimestamp();

    /// <summary>There was a handshake.</summary>
    public void Used() => Interlocked.Increment(ref _handshakes);

    public void Tick()
    {
        if (time.GetElapsedTime(_trimmed) < Every || Volatile.Read(ref _handshakes) < Storm)
            return;
        Interlocked.Exchange(ref _handshakes, 0);
        _trimmed = time.GetTimestamp();
        try
        {
            _ = Trim(0);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library, which knows no such thing.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint keep);
}
