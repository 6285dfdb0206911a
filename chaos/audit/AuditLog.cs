using System.Globalization;
using System.Text;
using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>
/// The audit log of a state folder, <c>audit.jsonl</c>: lines are only ever added, each chained to the one before. <c>audit.head</c> says how many there
/// are and the last one's hash, so that lines cut off at the end are missed too. Every program of the machine writes to the same.
/// </summary>
/// <param name="folder">The state folder.</param>
/// <param name="time">The clock.</param>
public sealed class AuditLog(string folder, TimeProvider time) : IAudit
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    /// <summary>The log's name in its folder.</summary>
    public const string FileName = "audit.jsonl";

    /// <summary>The name of the file that knows its end.</summary>
    public const string HeadName = "audit.head";

    /// <inheritdoc/>
    public async Task WriteAsync(AuditEntry entry, CancellationToken stop)
    {
        try
        {
            StateFolder.Ensure(folder);
            await using var alone = await LockAsync(stop);
            using var log = OpenForOwner(Path.Combine(folder, FileName));
            using var head = OpenForOwner(Path.Combine(folder, HeadName));
            Append(log, head, entry);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GuardBookException($"The audit log {Path.Combine(folder, FileName)} can't be written: {e.Message} Nothing is done that can't be told of: free space or give access.", e);
        }
    }

    private void Append(FileStream log, FileStream head, AuditEntry entry)
    {
        var known = AuditHead.Read(head);
        var (last, torn) = AuditTail.Read(log);
        // Lines that the head knows of and the log has no more stay missed: the next one is chained to what was there.
        var (number, hash) = last is not null && last.Number >= known.Lines ? (last.Number, last.Hash) : (known.Lines, known.Hash);
        if (torn > 0)
        {
            // Whoever wrote it died over it and never heard that it was written.
            log.SetLength(log.Length - torn);
            (number, hash) = AppendLine(log, new("pressure", "audit", FileName, "repaired", $"{torn} bytes of a line that was never finished were cut off"), number, hash);
        }
        (number, hash) = AppendLine(log, entry, number, hash);
        log.Flush(flushToDisk: true);
        AuditHead.Write(head, new(number, hash));
    }

    private (long Number, string Hash) AppendLine(FileStream log, AuditEntry entry, long number, string hash)
    {
        var (text, next) = AuditLine.Write(number + 1, time.GetUtcNow(), entry, hash);
        log.Seek(0, SeekOrigin.End);
        log.Write(Encoding.UTF8.GetBytes(text + "\n"));
        return (number + 1, next);
    }

    /// <summary>Keeps everybody else out, of this program and of others. The wait is for the operating system, so it is by its clock.</summary>
    private async Task<FileStream> LockAsync(CancellationToken stop)
    {
        var path = Path.Combine(folder, "audit.lock");
        var begin = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return OpenForOwner(path, FileShare.None);
            }
            catch (IOException) when (File.Exists(path) && TimeProvider.System.GetElapsedTime(begin) < LongestWait)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, stop);
            }
        }
    }

    private static FileStream OpenForOwner(string path, FileShare share = FileShare.ReadWrite)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new(path, options);
    }
}

/// <summary>What the audit log's end is known to be.</summary>
/// <param name="Lines">How many lines there are.</param>
/// <param name="Hash">The last one's hash.</param>
internal readonly record struct AuditHead(long Lines, string Hash)
{
    /// <summary>Reads it; of an empty log if there is none.</summary>
    public static AuditHead Read(Stream file)
    {
        using var reader = new StreamReader(file, Encoding.UTF8, leaveOpen: true);
        return Parse(reader.ReadToEnd()) ?? new(0, AuditLine.Genesis);
    }

    /// <summary>Reads its text; null if it is none.</summary>
    public static AuditHead? Parse(string text) =>
        text.Trim().Split(' ') is [var lines, { Length: 64 } hash] && long.TryParse(lines, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? new(count, hash) : null;

    /// <summary>Writes it over what was there: always as long, so that it is one write of less than a sector.</summary>
    public static void Write(FileStream file, AuditHead head)
    {
        file.Seek(0, SeekOrigin.Begin);
        file.Write(Encoding.ASCII.GetBytes($"{head.Lines:D20} {head.Hash}\n"));
        file.Flush(flushToDisk: true);
    }
}

/// <summary>The end of an audit log.</summary>
internal static class AuditTail
{
    /// <summary>Its last whole line, null if it has none or that one is damaged; and how many bytes of an unfinished one follow.</summary>
    public static (AuditLine? Last, long Torn) Read(FileStream log)
    {
        var length = (int)Math.Min(log.Length, 128 * 1024);
        var bytes = new byte[length];
        log.Seek(-length, SeekOrigin.End);
        log.ReadExactly(bytes);
        var end = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
        if (end == 0)
            return (null, log.Length);
        var begin = bytes.AsSpan(0, end - 1).LastIndexOf((byte)'\n') + 1;
        return (AuditLine.Read(Encoding.UTF8.GetString(bytes, begin, end - 1 - begin), out _), length - end);
    }
}
