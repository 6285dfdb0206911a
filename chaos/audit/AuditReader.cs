namespace Pressure.Chaos;

/// <summary>Reads and checks the audit log of a state folder. May be used while others write.</summary>
public static class AuditReader
{
    /// <summary>Walks the whole chain.</summary>
    /// <param name="folder">The state folder.</param>
    /// <param name="known">A hash that somebody noted of an earlier end of the log, which must be in it; null if there is none.</param>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It can't be read.</exception>
    public static AuditVerdict Verify(string folder, string? known = null)
    {
        // The head first: what is added meanwhile is then beyond it and not missed.
        var headFile = Path.Combine(folder, AuditLog.HeadName);
        var head = File.Exists(headFile) ? AuditHead.Parse(Shared(headFile).ReadToEnd()) : null;
        var (last, problem, foundKnown) = Walk(Path.Combine(folder, AuditLog.FileName), head, known);
        if (problem is not null)
            return new(last.Lines, last.Hash, problem);
        if (head is null && (File.Exists(headFile) || last.Lines > 0))
            return new(last.Lines, last.Hash, $"{AuditLog.HeadName} is missing or damaged, so lines may have been cut off at the end");
        if (head is { } end && end.Lines > last.Lines)
            return new(last.Lines, last.Hash, $"the log ends with line {last.Lines}, and {end.Lines} were written: {end.Lines - last.Lines} are cut off");
        return new(last.Lines, last.Hash, known is null || foundKnown ? null : $"no line has the hash {known}: the log was written anew");
    }

    /// <summary>The last lines that are whole, newest first; damaged ones are left out.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    public static IReadOnlyList<AuditLine> Last(string folder, int count)
    {
        Queue<AuditLine> last = [];
        var file = Path.Combine(folder, AuditLog.FileName);
        if (!File.Exists(file))
            return [];
        using var reader = Shared(file);
        while (reader.ReadLine() is { } text)
        {
            if (AuditLine.Read(text, out _) is not { } line)
                continue;
            last.Enqueue(line);
            if (last.Count > count)
                last.Dequeue();
        }
        return [.. last.Reverse()];
    }

    /// <summary>Goes from line to line. A last one that is not whole and that the head does not know of is being written, or its writer died over it.</summary>
    private static (AuditHead Last, string? Problem, bool FoundKnown) Walk(string file, AuditHead? head, string? known)
    {
        AuditHead last = new(0, AuditLine.Genesis);
        var found = false;
        if (!File.Exists(file))
            return (last, null, false);
        using var reader = Shared(file);
        while (reader.ReadLine() is { } text)
        {
            var number = last.Lines + 1;
            if (AuditLine.Read(text, out var why) is not { } line)
                return head?.Lines <= last.Lines && reader.Peek() < 0 ? (last, null, found) : (last, $"line {number} breaks the chain: {why}", found);
            if (line.Number != number || line.Previous != last.Hash)
                return (last, $"line {number} breaks the chain: it says that it is line {line.Number} and does not follow the one before", found);
            if (head is { } end && end.Lines == number && end.Hash != line.Hash)
                return (last, $"line {number} breaks the chain: it is not the one that {AuditLog.HeadName} knows", found);
            last = new(number, line.Hash);
            found |= line.Hash == known;
        }
        return (last, null, found);
    }

    private static StreamReader Shared(string file) => new(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
}

/// <summary>How an audit log was found.</summary>
/// <param name="Lines">How many lines are in order.</param>
/// <param name="Hash">The hash of the last of them: note it elsewhere, and whoever writes the log anew is found out.</param>
/// <param name="Problem">What breaks it, an English clause; null if nothing does.</param>
public sealed record AuditVerdict(long Lines, string Hash, string? Problem);
