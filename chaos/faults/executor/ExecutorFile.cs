using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Pressure.Faults;

/// <summary>Who an executor is.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Pid">Its process, the first of a session of its own.</param>
/// <param name="Start">That process's start in clock ticks since boot.</param>
/// <param name="Lease">How long it may be silent.</param>
/// <param name="BootId">The boot that it belongs to.</param>
public sealed record ExecutorIdentity(string Id, int Pid, long Start, TimeSpan Lease, string BootId);

/// <summary>
/// An executor's file, <c>executors/ID.json</c>: locked as long as it lives, and renewed as long as it does its work. The first line is the moment of
/// the last renewal, of fixed length, in time since boot without the machine's sleep, in which nobody renews anything; who it is follows.
/// </summary>
internal sealed class ExecutorFile : IDisposable
{
    private const int Digits = 20;

    private readonly FileLock _lock;
    private readonly string _path;
    private readonly FaultClock _clock;
    private readonly ITimer _renewing;

    private ExecutorFile(ExecutorIdentity identity, string path, FileLock held, FaultClock clock)
    {
        (Identity, _path, _lock, _clock) = (identity, path, held, clock);
        _renewing = clock.Time.CreateTimer(_ => Renew(), null, identity.Lease / 4, identity.Lease / 4);
    }

    /// <summary>Who it is.</summary>
    public ExecutorIdentity Identity { get; }

    /// <summary>Where executors' files lie.</summary>
    public static string FolderOf(string folder) => Path.Combine(folder, "executors");

    /// <summary>Makes this process's file.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not ours.</exception>
    public static ExecutorFile Create(string folder, TimeSpan lease, FaultClock clock)
    {
        var self = SystemProcess.Of(Environment.ProcessId) ?? throw new IOException("/proc tells nothing of this process.");
        var identity = new ExecutorIdentity(FaultHandle.New(), self.Pid, self.Start, lease, clock.BootId);
        var path = Path.Combine(StateFolder.Ensure(FolderOf(folder)), $"{identity.Id}.json");
        var held = FileLock.Create(path, [.. Beat(clock), .. JsonSerializer.SerializeToUtf8Bytes(identity, FaultJson.Default.ExecutorIdentity)]);
        return new ExecutorFile(identity, path, held, clock);
    }

    /// <summary>Reads one; null if it says nothing (yet).</summary>
    public static (ExecutorIdentity Identity, TimeSpan Renewed)? Read(string path)
    {
        try
        {
            var text = File.ReadAllText(path);
            return text.Length > Digits && long.TryParse(text.AsSpan(0, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && JsonSerializer.Deserialize(text.AsSpan(Digits + 1), FaultJson.Default.ExecutorIdentity) is { } identity
                ? (identity, new TimeSpan(ticks))
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>It ends in order.</summary>
    public void Dispose()
    {
        _renewing.Dispose();
        File.Delete(_path);
        _lock.Dispose();
    }

    private void Renew()
    {
        try
        {
            RandomAccess.Write(_lock.File, Beat(_clock), 0);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It has ended; or the disk is full, which does not keep a block from being written anew.
        }
    }

    private static byte[] Beat(FaultClock clock) => Encoding.ASCII.GetBytes($"{clock.Awake.Ticks:D20}\n");
}
