namespace Pressure.Agent;

/// <summary>
/// The right to write to an agent's data folder: one process has it at a time. It goes with the process, however that ends, so a successor waits for
/// it and goes on where the other has stopped.
/// </summary>
public sealed class RingLock : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly FileStream _file;

    private RingLock(FileStream file) => _file = file;

    /// <summary>Takes the lock of a folder; null if another process has it.</summary>
    /// <exception cref="UnauthorizedAccessException">The folder is not ours.</exception>
    public static RingLock? TryTake(string folder)
    {
        try
        {
            // The file stays: removing it would let two processes lock two files of the same name.
            return new RingLock(new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException))
        {
            return null;
        }
    }

    /// <summary>Waits for the lock until its holder has let go of it.</summary>
    public static async Task<RingLock> TakeAsync(string folder, TimeProvider time, CancellationToken stop)
    {
        RingLock? taken;
        while ((taken = TryTake(folder)) is null)
            await Task.Delay(Look, time, stop);
        return taken;
    }

    /// <summary>Lets go.</summary>
    public void Dispose() => _file.Dispose();
}
