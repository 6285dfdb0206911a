using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pressure.Faults;

/// <summary>The right that goes with a file: one opening has it at a time, and it ends with its process, however that ends.</summary>
internal sealed class FileLock : IDisposable
{
    private readonly SafeFileHandle _file;

    private FileLock(SafeFileHandle file) => _file = file;

    /// <summary>The file, open to read and write.</summary>
    public SafeFileHandle File => _file;

    /// <summary>Makes a file that is locked, whole and on disk from its first moment. Until then it lies beside it and ends on <c>.tmp</c>.</summary>
    /// <exception cref="IOException">It can't be made, or is there; nothing is left of it.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not ours.</exception>
    public static FileLock Create(string path, ReadOnlySpan<byte> content)
    {
        // Under a name that nobody takes: whoever looks for what the dead left would take a file that is made, and not locked yet, for theirs.
        var draft = Path.ChangeExtension(path, ".tmp");
        var held = Taken(draft, FileMode.CreateNew) ?? throw new IOException($"{draft} is locked by somebody else already.");
        try
        {
            RandomAccess.Write(held.File, content, 0);
            RandomAccess.FlushToDisk(held.File);
            System.IO.File.Move(draft, path);
            return held;
        }
        catch
        {
            System.IO.File.Delete(draft);
            held.Dispose();
            throw;
        }
    }

    /// <summary>Takes the lock of a file, made if it is missing; null if somebody has it.</summary>
    /// <exception cref="IOException">It can't be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It is not ours.</exception>
    public static FileLock? TryTakeOrCreate(string path) => Taken(path, FileMode.OpenOrCreate);

    /// <summary>Takes the lock of a file; null if somebody has it, or there is no such file (any more).</summary>
    /// <exception cref="IOException">It can't be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It is not ours.</exception>
    public static FileLock? TryTake(string path)
    {
        try
        {
            var taken = Taken(path, FileMode.Open);
            // Whoever had it may have removed the file while we opened it. Names are not used again.
            if (taken is not null && !System.IO.File.Exists(path))
            {
                taken.Dispose();
                return null;
            }
            return taken;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Whether somebody has the lock of a file; not if there is none.</summary>
    /// <exception cref="IOException">It can't be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It is not ours.</exception>
    public static bool IsHeld(string path)
    {
        try
        {
            using var file = Open(path, FileMode.Open);
            return Posix.IsLocked((int)file.DangerousGetHandle());
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // By name: a child that is being started has all descriptors until it becomes a program of its own, and would keep the lock so long.
        if (!_file.IsClosed)
            Posix.Unlock((int)_file.DangerousGetHandle());
        _file.Dispose();
    }

    private static FileLock? Taken(string path, FileMode mode)
    {
        var file = Open(path, mode);
        switch (Posix.TryLock((int)file.DangerousGetHandle()))
        {
            case 0:
                return new FileLock(file);
            case Posix.Again or Posix.AccessDenied:
                file.Dispose();
                return null;
            case var error:
                file.Dispose();
                throw new IOException($"{path} can't be locked: {Marshal.GetPInvokeErrorMessage(error)}. Its file system must be a local one.");
        }
    }

    private static SafeFileHandle Open(string path, FileMode mode) => System.IO.File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
}
