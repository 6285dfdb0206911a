using System.Runtime.InteropServices;
using System.Text.Json;

namespace Pressure.Faults;

/// <summary>
/// The intents of faults on disk, each on disk before its fault is applied and gone when it is undone:
/// <code>
/// faults/HANDLE.json   the intent; locked by the process that owns it
/// faults/HANDLE.left   what an undoing in vain left
/// faults/HANDLE.tmp    an intent that is being written: nothing has been touched yet
/// ended/HANDLE.json    how a fault ended
/// </code>
/// </summary>
/// <param name="folder">The state folder.</param>
public sealed class FaultJournal(string folder)
{
    /// <summary>Attempts in vain after which it is said that something stays; it is tried on.</summary>
    internal const int SaidAfter = 3;

    private const int MostEnded = 1_000, EndedSlack = 200;
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(1);

    private readonly string _faults = Path.Combine(folder, "faults"), _ended = Path.Combine(folder, "ended");
    private int _sinceTrim = EndedSlack;

    /// <summary>The state folder.</summary>
    public string Folder => folder;

    /// <summary>Puts an intent on disk, owned by this process; when this returns the power may fail.</summary>
    /// <exception cref="IOException">It can't be written; nothing is left of it.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not ours.</exception>
    public HeldIntent Write(FaultIntent intent)
    {
        StateFolder.Ensure(_faults);
        var file = IntentFile(intent.Handle);
        var held = FileLock.Create(file, JsonSerializer.SerializeToUtf8Bytes(intent, FaultJson.Default.FaultIntent));
        try
        {
            // The name has to be on disk too; and the folder's own name, since it may be new.
            foreach (var level in new[] { _faults, folder })
            {
                if (Posix.SyncFolder(level) is not 0 and var error)
                    throw new IOException($"{level} can't be synced: {Marshal.GetPInvokeErrorMessage(error)}.");
            }
            return new HeldIntent(intent, held);
        }
        catch
        {
            File.Delete(file);
            held.Dispose();
            throw;
        }
    }

    /// <summary>Takes an intent over from whoever had it; null if a living process has it, or it has ended.</summary>
    /// <exception cref="IOException">It can't be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It is not ours.</exception>
    /// <exception cref="InvalidDataException">It says nothing.</exception>
    public HeldIntent? TryTake(string handle)
    {
        if (FileLock.TryTake(IntentFile(handle)) is not { } held)
            return null;
        try
        {
            return new HeldIntent(ReadIntent(IntentFile(handle)), held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Everything in the journal, in the order of handles; nothing that lies there is passed over.</summary>
    /// <exception cref="IOException">The folder can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It is not ours.</exception>
    public IReadOnlyList<JournalEntry> Read()
    {
        List<JournalEntry> entries = [];
        foreach (var path in Paths().Order(StringComparer.Ordinal))
        {
            if (EntryOf(path) is { } entry)
                entries.Add(entry);
        }
        return entries;
    }

    /// <summary>Of a folder that is not there, nothing; one that may not be looked into is not the same.</summary>
    private string[] Paths()
    {
        try
        {
            return Directory.GetFileSystemEntries(_faults);
        }
        catch (DirectoryNotFoundException) when (!File.Exists(folder))
        {
            return [];
        }
    }

    /// <summary>Whether anything is in the journal; cheap.</summary>
    public bool IsEmpty => !Directory.Exists(_faults) || !Directory.EnumerateFileSystemEntries(_faults).Any();

    /// <summary>Whether a fault is in the journal.</summary>
    public bool Has(string handle) => File.Exists(IntentFile(handle));

    /// <summary>What the last undoing of a fault left; null if none was tried in vain.</summary>
    public FaultLeft? LeftOf(string handle) => StateFolder.TryRead(LeftFile(handle), FaultJson.Default.FaultLeft);

    /// <summary>How a fault ended; null if it has not, or it was too long ago.</summary>
    public EndedFault? EndOf(string handle) => FaultHandle.IsHandle(handle) ? StateFolder.TryRead(EndedFile(handle), FaultJson.Default.EndedFault) : null;

    /// <summary>How a fault stands whose owner is dead: how it ended, or what stays of it; null while it is being undone.</summary>
    public FaultEnd? EndOfOrphan(string handle, DateTimeOffset now)
    {
        if (Has(handle))
            return LeftOf(handle) is { } left && left.Attempts >= SaidAfter ? new FaultEnd(handle, new UndoOutcome.Incomplete(left.What, left.Remedy), left.At, "watchdog") : null;
        return EndOf(handle)?.End ?? new FaultEnd(handle, new UndoOutcome.NothingToUndo("it was never applied"), now, "watchdog");
    }

    /// <summary>The last faults that ended, the latest first.</summary>
    public IReadOnlyList<EndedFault> LastEnded(int most) => !Directory.Exists(_ended) ? [] :
        [.. Directory.EnumerateFiles(_ended, "*.json").Select(f => StateFolder.TryRead(f, FaultJson.Default.EndedFault)).OfType<EndedFault>().OrderByDescending(e => e.End.At).Take(most)];

    /// <summary>Notes that an undoing was in vain.</summary>
    public void Note(HeldIntent held, FaultLeft left) => StateFolder.Replace(folder, LeftFile(held.Intent.Handle), JsonSerializer.SerializeToUtf8Bytes(left, FaultJson.Default.FaultLeft));

    /// <summary>Takes a fault out of the journal that has been undone.</summary>
    public void Close(HeldIntent held, FaultEnd end)
    {
        var handle = held.Intent.Handle;
        try
        {
            StateFolder.Ensure(_ended);
            StateFolder.Replace(folder, EndedFile(handle), JsonSerializer.SerializeToUtf8Bytes(new EndedFault(held.Intent, end), FaultJson.Default.EndedFault));
            TrimEnded();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk takes the history, not the fault: it is undone, and must not be undone again.
        }
        File.Delete(LeftFile(handle));
        File.Delete(IntentFile(handle));
        held.Dispose();
    }

    private string IntentFile(string handle) => Path.Combine(_faults, $"{handle}.json");

    private string LeftFile(string handle) => Path.Combine(_faults, $"{handle}.left");

    private string EndedFile(string handle) => Path.Combine(_ended, $"{handle}.json");

    private JournalEntry? EntryOf(string path)
    {
        var (handle, kind) = (Path.GetFileNameWithoutExtension(path), Path.GetExtension(path));
        try
        {
            return (FaultHandle.IsHandle(handle), kind) switch
            {
                (true, ".json") => Known(handle, path),
                (true, ".left") when File.Exists(IntentFile(handle)) => null,
                (true, ".left" or ".tmp") => Remains(path),
                _ => new JournalEntry.Unreadable(path, "it is no file of ours"),
            };
        }
        catch (InvalidDataException e)
        {
            return new JournalEntry.Unreadable(path, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Undone while we looked, or not ours to read.
            return File.Exists(path) ? new JournalEntry.Unreadable(path, $"it can't be read: {e.Message}") : null;
        }
    }

    private JournalEntry.Known Known(string handle, string path) => new(ReadIntent(path), FileLock.IsHeld(path), LeftOf(handle));

    /// <summary>What a crash left before anything was touched, or after all was undone: removed when nobody can be at it any more.</summary>
    private static JournalEntry? Remains(string path)
    {
        // What is young may be in the making, and not be locked yet: its maker would find it locked by us.
        if (TimeProvider.System.GetUtcNow() - File.GetLastWriteTimeUtc(path) <= Abandoned)
            return null;
        using var held = FileLock.TryTake(path);
        if (held is not null)
            File.Delete(path);
        return null;
    }

    /// <exception cref="InvalidDataException">It says nothing.</exception>
    private static FaultIntent ReadIntent(string path)
    {
        try
        {
            var intent = JsonSerializer.Deserialize(File.ReadAllBytes(path), FaultJson.Default.FaultIntent) ?? throw new InvalidDataException("it is empty");
            return intent.Handle == Path.GetFileNameWithoutExtension(path) ? intent : throw new InvalidDataException($"it tells of another fault, {intent.Handle}");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new InvalidDataException($"it is no intent: {e.Message}", e);
        }
    }

    /// <summary>Forgets the oldest, now and then.</summary>
    private void TrimEnded()
    {
        if (Interlocked.Increment(ref _sinceTrim) < EndedSlack)
            return;
        _sinceTrim = 0;
        foreach (var old in new DirectoryInfo(_ended).EnumerateFiles().OrderByDescending(f => f.LastWriteTimeUtc).Skip(MostEnded))
            old.Delete();
    }
}
