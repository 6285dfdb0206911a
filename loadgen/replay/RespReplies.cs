namespace Pressure.LoadGen;

/// <summary>
/// Counts whole replies of Redis's protocol (RESP, versions 2 and 3) in bytes that come in pieces cut anywhere, so that an answer of another length than the
/// captured one has an end that can be seen. Keeps nothing of them.
/// </summary>
/// <remarks>
/// <code>
/// reply = [+-:_,#(] line CRLF | [$=!] length CRLF bytes CRLF | [*~>] count CRLF reply... | % count CRLF (reply reply)... | '|' count CRLF (reply reply)... reply
/// </code>
/// </remarks>
public sealed class RespReplies
{
    // Deeper than any reply that means something.
    private const int Deepest = 32;
    private const int LongestLine = 64 << 10;
    private const long MostElements = 1L << 32;

    private readonly long[] _left = new long[Deepest];
    private int _depth;
    private byte _kind;
    private int _lineLength;
    private long _number;
    private bool _isNegative;
    private bool _hasDigits;
    private bool _sawReturn;
    private long _skip;

    /// <summary>Whole replies so far.</summary>
    public int Whole { get; private set; }

    /// <summary>Whether something came that is none.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Whether the last byte was a reply's last.</summary>
    public bool IsBetween => !IsBroken && _depth == 0 && _kind == 0 && _skip == 0;

    /// <summary>How many replies these bytes are; null when they are anything else, or not whole.</summary>
    public static int? Count(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return null;
        var replies = new RespReplies();
        replies.Take(bytes);
        return replies.IsBetween ? replies.Whole : null;
    }

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        (Whole, IsBroken) = (0, false);
        (_depth, _skip) = (0, 0);
        EndLine();
    }

    /// <summary>The next bytes.</summary>
    public void Take(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && !IsBroken)
        {
            if (_skip > 0)
            {
                var skipped = (int)Math.Min(_skip, bytes.Length);
                bytes = bytes[skipped..];
                if ((_skip -= skipped) == 0)
                    EndReply();
                continue;
            }

            TakeOfLine(bytes[0]);
            bytes = bytes[1..];
        }
    }

    private void TakeOfLine(byte next)
    {
        if (_kind == 0)
        {
            _kind = next;
            IsBroken = "+-:_,#($=!*~>%|"u8.IndexOf(next) < 0;
        }
        else if (_sawReturn)
        {
            IsBroken = next != '\n';
            if (!IsBroken)
                FinishLine();
        }
        else if (next == '\r')
        {
            _sawReturn = true;
        }
        else if (++_lineLength > LongestLine || !HasText && !TryTakeDigit(next))
        {
            IsBroken = true;
        }
    }

    private bool HasText => "+-:_,#("u8.Contains(_kind);

    private bool TryTakeDigit(byte next)
    {
        if (next == '-' && _lineLength == 1)
            return _isNegative = true;
        if (next is < (byte)'0' or > (byte)'9')
            return false;
        _hasDigits = true;
        _number = _number * 10 + (next - '0');
        return _number <= MostElements;
    }

    private void FinishLine()
    {
        var (kind, hasText, number, isNegative) = (_kind, HasText, _number, _isNegative);
        IsBroken = !hasText && !_hasDigits;
        EndLine();
        if (hasText || isNegative)
            EndReply();
        else if (kind is (byte)'$' or (byte)'=' or (byte)'!')
            _skip = number + 2;
        else
            Open(kind is (byte)'%' or (byte)'|' ? number * 2 : number, isAttribute: kind == '|');
    }

    /// <summary>A reply that is made of others. What is said about the next one belongs to it.</summary>
    private void Open(long elements, bool isAttribute)
    {
        elements += isAttribute ? 1 : 0;
        if (elements == 0)
            EndReply();
        else if (_depth == Deepest)
            IsBroken = true;
        else
            _left[_depth++] = elements;
    }

    private void EndReply()
    {
        while (_depth > 0)
        {
            if (--_left[_depth - 1] > 0)
                return;
            _depth--;
        }

        Whole++;
    }

    private void EndLine() => (_kind, _lineLength, _number, _isNegative, _hasDigits, _sawReturn) = (0, 0, 0, false, false, false);
}
