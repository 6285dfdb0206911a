namespace Pressure.TrafficCopy;

/// <content>Heads, and the search for the next one.</content>
internal sealed partial class MessageStream
{
    private const int LongestTail = 16 << 10;

    private StreamEvent ReadHead(ref ReadOnlySpan<byte> bytes)
    {
        var message = Message!;
        if (message.HeadBytes.IsEmpty && HeadEnd(bytes, 0) is var end and >= 0)
            return ReadWholeHead(message, ref bytes, end);
        return ReadHeadInParts(message, ref bytes);
    }

    private StreamEvent ReadWholeHead(HttpMessage message, ref ReadOnlySpan<byte> bytes, int end)
    {
        var clean = end > shared.Options.HeadLimit ? default : Clean(bytes[..end], out message.Head);
        if (clean.IsEmpty || !message.TryAddHead(clean, memory))
        {
            // Nonsense is looked through; a head that is too long is left out as a whole.
            var passed = clean.IsEmpty && end <= shared.Options.HeadLimit ? 1 : end;
            Skip(passed);
            bytes = bytes[passed..];
            return Lose();
        }
        bytes = bytes[end..];
        return EndHead(message, clean.Length);
    }

    private StreamEvent ReadHeadInParts(HttpMessage message, ref ReadOnlySpan<byte> bytes)
    {
        var before = message.HeadBytes.Length;
        var part = bytes[..Math.Clamp(shared.Options.HeadLimit - before, 0, bytes.Length)];
        if (!message.TryAddHead(part, memory))
        {
            // What there is no room for is left out: else it would be found, and refused, again and again.
            Skip(bytes.Length);
            bytes = default;
            return Lose();
        }
        var end = HeadEnd(message.HeadBytes, _searched);
        _searched = Math.Max(0, message.HeadBytes.Length - 2);
        // The head alone is taken; what follows it stays.
        bytes = bytes[(end < 0 ? part.Length : Math.Max(0, end - before))..];
        if (end < 0)
            return message.HeadBytes.Length < shared.Options.HeadLimit ? StreamEvent.None : Lose();
        message.CutHead(end);
        return TakeHeldHead(message);
    }

    private StreamEvent TakeHeldHead(HttpMessage message)
    {
        var clean = Clean(message.HeadBytes, out message.Head);
        if (clean.IsEmpty)
            return LoseAndLook(message);
        if (message.Head.IsUnclean)
        {
            message.CutHead(0);
            if (!message.TryAddHead(clean, memory))
                return Lose();
        }
        return EndHead(message, clean.Length);
    }

    private StreamEvent EndHead(HttpMessage message, int length)
    {
        message.EndHead(length);
        _place = Place.Framing;
        return StreamEvent.Head;
    }

    /// <summary>What held bytes taken for a head may have a true one in their middle.</summary>
    private StreamEvent LoseAndLook(HttpMessage message)
    {
        var bytes = message.HeadBytes[1..];
        var found = MessageSearch.Find(bytes, side, out _);
        if (found < 0)
            return Lose();
        bytes = bytes[found..];
        var rest = new TimedBytes();
        var isHeld = rest.TryAdd(bytes, message.LastAt, memory);
        message.CutHead(isHeld ? found + 1 : message.HeadBytes.Length);
        Lose();
        _tail = rest;
        if (isHeld)
            _place = Place.Between;
        return StreamEvent.Lost;
    }

    /// <summary>The head as it is handed on; empty where its start line is none.</summary>
    private ReadOnlySpan<byte> Clean(ReadOnlySpan<byte> raw, out HeadFraming head)
    {
        head = HeadReader.Read(raw, side);
        if (!head.IsValid)
            return default;
        if (!head.IsUnclean)
            return raw.EndsWith("\r\n\r\n"u8) ? raw[..^2] : raw;
        var rewritten = shared.Scratch.AsSpan(0, HeadRewriting.Rewrite(raw, shared.Scratch));
        var isAmbiguous = head.IsAmbiguous;
        head = HeadReader.Read(rewritten, side);
        head.IsAmbiguous |= isAmbiguous;
        head.IsUnclean = true;
        return head.IsValid ? rewritten : default;
    }

    /// <summary>A message ends too early. Of a head the whole lines are kept, if there are any.</summary>
    private void Break(HttpMessage message)
    {
        message.Break();
        if (_place != Place.Head)
            return;
        var lines = message.HeadBytes.LastIndexOf((byte)'\n') + 1;
        var clean = Clean(message.HeadBytes[..lines], out message.Head);
        if (clean.IsEmpty)
        {
            Skip(message.HeadBytes.Length);
            return;
        }
        if (message.Head.IsUnclean)
        {
            message.CutHead(0);
            message.TryAddHead(clean, memory);
        }
        message.EndHead(Math.Min(clean.Length, message.HeadBytes.Length));
    }

    private StreamEvent Search(ref ReadOnlySpan<byte> bytes, long at)
    {
        if (_tail.Length > 0 && SearchFromTail(ref bytes, at))
            return StreamEvent.None;
        var found = MessageSearch.Find(bytes, side, out var undecided);
        if (found >= 0)
        {
            Skip(found);
            bytes = bytes[found..];
            _place = Place.Between;
            return StreamEvent.None;
        }
        Skip(undecided);
        if (undecided < bytes.Length && !_tail.TryAdd(bytes[undecided..], at, memory))
            Skip(bytes.Length - undecided);
        bytes = default;
        return StreamEvent.None;
    }

    /// <summary>Looks whether a message begins in what was kept of earlier bytes; false where only later bytes remain to be looked at.</summary>
    private bool SearchFromTail(ref ReadOnlySpan<byte> bytes, long at)
    {
        var before = _tail.Length;
        var part = bytes[..Math.Min(bytes.Length, LongestTail)];
        if (_tail.TryAdd(part, at, memory))
        {
            var found = MessageSearch.Find(_tail.Span, side, out var undecided);
            if (found >= 0 && found < before)
            {
                Skip(found);
                _tail.CutTo(before);
                _tail.RemoveFirst(found);
                _place = Place.Between;
                return true;
            }
            if (found < 0 && part.Length == bytes.Length && _tail.Length - undecided <= LongestTail)
            {
                Skip(undecided);
                _tail.RemoveFirst(undecided);
                bytes = default;
                return true;
            }
        }
        Skip(before);
        _tail.Clear(memory);
        return false;
    }

    /// <summary>Where a head ends, its empty line included; -1 where it does not. Looks from a line's end on.</summary>
    private static int HeadEnd(ReadOnlySpan<byte> bytes, int from)
    {
        while (bytes[from..].IndexOf((byte)'\n') is var found and >= 0)
        {
            var next = from + found + 1;
            if (next < bytes.Length && bytes[next] == '\n')
                return next + 1;
            if (next + 1 < bytes.Length && bytes[next] == '\r' && bytes[next + 1] == '\n')
                return next + 2;
            from = next;
        }
        return -1;
    }
}
