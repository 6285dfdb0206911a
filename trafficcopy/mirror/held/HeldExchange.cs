using System.Net;

namespace Pressure.Mirror;

/// <summary>
/// An exchange with production of which something is wanted: its request for the test target, both sides for a capture or a comparison. It is kept while it
/// passes, as far as budgets allow, and settled once the client has its answer.
/// </summary>
internal sealed class HeldExchange
{
    private readonly Lock _gate = new();
    private readonly KeptBytes _request;
    private readonly KeptBytes _response;
    private readonly Action<CopyFate> _copyLost;
    private readonly Action<RecordFate> _recordLost;
    private bool _isSettled;
    private bool _isForgotten;
    private int _users;

    /// <param name="limit">Bytes of bodies that are kept.</param>
    /// <param name="copyLost">Told, once at most, why there will be no copy.</param>
    /// <param name="recordLost">The same of the record.</param>
    public HeldExchange(int limit, Action<CopyFate> copyLost, Action<RecordFate> recordLost)
    {
        (_request, _response) = (new KeptBytes(limit), new KeptBytes(limit));
        (_copyLost, _recordLost) = (copyLost, recordLost);
    }

    /// <summary>What the copy has taken; null when none is wanted.</summary>
    public Claim? Copy { get; init; }

    /// <summary>What the record has taken; null when none is wanted.</summary>
    public Claim? Record { get; init; }

    /// <summary>Whether the answer is wanted, too.</summary>
    public bool WantsAnswer { get; init; }

    /// <summary>Who asks.</summary>
    public required ClientConnection Connection { get; init; }

    /// <summary>Position within its connection, from 0.</summary>
    public required int Order { get; init; }

    /// <summary>When the request began, by the server's timestamps.</summary>
    public required long Began { get; init; }

    /// <summary>When its body ended; when it began without one.</summary>
    public long RequestEnded { get; set; }

    /// <summary>When production's answer began; 0 without one.</summary>
    public long AnswerBegan { get; set; }

    /// <summary>When it ended.</summary>
    public long Ended { get; set; }

    /// <summary>Method, as it came.</summary>
    public required string Method { get; init; }

    /// <summary>Path and query, as they came.</summary>
    public required string Target { get; init; }

    /// <summary>The request's head; there once it is settled.</summary>
    public HeldHead? RequestHead { get; private set; }

    /// <summary>The answer's head.</summary>
    public HeldHead? AnswerHead { get; set; }

    /// <summary>Whether the whole request was read.</summary>
    public bool IsRequestWhole { get; set; } = true;

    /// <summary>Whether the whole answer passed.</summary>
    public bool IsAnswerWhole { get; set; }

    /// <summary>The request's body.</summary>
    public KeptBytes Request => _request;

    /// <summary>The answer's body.</summary>
    public KeptBytes Answer => _response;

    /// <summary>Who was asked.</summary>
    public required IPEndPoint Server { get; init; }

    /// <summary>Keeps what passes of the request's body.</summary>
    public void KeepRequest(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (!IsWanted)
                return;
            Keep(_request, bytes);
            if (_request.IsCut)
                LoseCopy(CopyFate.BodyTooLarge);
        }
    }

    /// <summary>Keeps what passes of the answer's body.</summary>
    public void KeepAnswer(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (IsWanted)
                Keep(_response, bytes);
        }
    }

    /// <summary>Ends the keeping: from here on it does not change, and belongs to its users. False if nobody wants it any more.</summary>
    public bool Settle(HeldHead head)
    {
        lock (_gate)
        {
            if (IsWanted)
                Charge(head.Size + (AnswerHead?.Size ?? 0));
            (RequestHead, _isSettled) = (head, true);
            _users = (Copy is { IsAlive: true } ? 1 : 0) + (Record is { IsAlive: true } ? 1 : 0);
            if (_users == 0)
                Release();
            return _users > 0;
        }
    }

    /// <summary>There will be no copy.</summary>
    public void LoseCopy(CopyFate why)
    {
        lock (_gate)
        {
            if (Copy is not { IsAlive: true } copy)
                return;
            copy.GiveUp();
            _copyLost(why);
        }
    }

    /// <summary>Takes room for what the copy brings back; false when there is none.</summary>
    public bool TryTakeForCopy(int bytes)
    {
        lock (_gate)
            return Copy!.TryTake(bytes);
    }

    /// <summary>The request's body may still be read by somebody after all users are done: its memory is left to the collector.</summary>
    public void ForgetRequest()
    {
        lock (_gate)
            _isForgotten = true;
    }

    /// <summary>One of its users needs it no more.</summary>
    public void Done(Claim claim)
    {
        lock (_gate)
        {
            claim.GiveUp();
            if (--_users == 0)
                Release();
        }
    }

    private bool IsWanted => !_isSettled && (Copy is { IsAlive: true } || Record is { IsAlive: true });

    private void Keep(KeptBytes kept, ReadOnlySpan<byte> bytes)
    {
        if (kept.GrowthFor(bytes.Length) is > 0 and var growth && !Charge(growth))
            return;
        kept.Add(bytes);
    }

    /// <summary>Takes room for both users; false if neither has it.</summary>
    private bool Charge(int bytes)
    {
        if (Copy is { IsAlive: true } copy && !copy.TryTake(bytes))
            LoseCopy(CopyFate.NoRoom);
        if (Record is { IsAlive: true } record && !record.TryTake(bytes))
        {
            record.GiveUp();
            _recordLost(RecordFate.NoRoom);
        }
        if (IsWanted)
            return true;
        Release();
        return false;
    }

    private void Release()
    {
        if (!_isForgotten)
            _request.Release();
        _response.Release();
    }
}
