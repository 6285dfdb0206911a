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

    /// <summary>Makes a file that is locked from its first moment.</summary>
    /// <exception cref="IOException">It can't be made, or is there.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not ours.</exception>
    public static FileLock Create(string path) => Taken(path, FileMode.CreateNew) ?? throw new IOException($"{path} is locked by somebody else already.");

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
