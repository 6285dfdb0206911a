namespace Pressure.Mirror;

/// <summary>
/// Counts, from any thread. The law: requests = the sum over all fates of copies + those that are still open; and what the recorder was offered = what it
/// recorded + what it dropped + what waits.
/// </summary>
internal sealed class MirrorAccounts
{
    private readonly long[] _fates = new long[Enum.GetValues<CopyFate>().Length];
    private readonly long[] _answers = new long[6];
    private readonly long[] _copyAnswers = new long[6];
    private readonly long[] _recorded = new long[Enum.GetValues<RecordFate>().Length];
    private long _requests;
    private long _aborted;
    private long _failed;
    private long _copiedBytes;

    /// <summary>Requests that came.</summary>
    public long Requests => Volatile.Read(ref _requests);

    /// <summary>Of these, whose client went away before they were answered in full.</summary>
    public long Aborted => Volatile.Read(ref _aborted);

    /// <summary>Of these, which production did not answer.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Bytes of bodies that went to the test target.</summary>
    public long CopiedBytes => Volatile.Read(ref _copiedBytes);

    /// <summary>Copies with a fate.</summary>
    public long this[CopyFate fate] => Volatile.Read(ref _fates[(int)fate]);

    /// <summary>Exchanges with a fate on their way to the capture.</summary>
    public long this[RecordFate fate] => Volatile.Read(ref _recorded[(int)fate]);

    /// <summary>A request came.</summary>
    public void Begin() => Interlocked.Increment(ref _requests);

    /// <summary>What became of a copy.</summary>
    public void Count(CopyFate fate) => Interlocked.Increment(ref _fates[(int)fate]);

    /// <summary>What became of an exchange that was to be recorded.</summary>
    public void Count(RecordFate fate) => Interlocked.Increment(ref _recorded[(int)fate]);

    /// <summary>What production answered, or the mirror in its place.</summary>
    public void Answered(int status, ProductionEnd end)
    {
        switch (end)
        {
            case ProductionEnd.ClientAborted:
                Interlocked.Increment(ref _aborted);
                break;
            case ProductionEnd.Failed:
                Interlocked.Increment(ref _failed);
                break;
            default:
                Interlocked.Increment(ref _answers[Class(status)]);
                break;
        }
    }

    /// <summary>What the test target answered.</summary>
    public void CopyAnswered(int status, long bytes)
    {
        Interlocked.Increment(ref _copyAnswers[Class(status)]);
        Interlocked.Add(ref _copiedBytes, bytes);
    }

    /// <summary>Production's answers by class of status: 0 for none, 1 for 1xx and so on.</summary>
    public IReadOnlyList<long> Answers() => [.. _answers];

    /// <summary>The test target's.</summary>
    public IReadOnlyList<long> CopyAnswers() => [.. _copyAnswers];

    private static int Class(int status) => status is >= 100 and < 600 ? status / 100 : 0;
}

/// <summary>How a request ended on production's side.</summary>
internal enum ProductionEnd
{
    /// <summary>Answered.</summary>
    Answered,

    /// <summary>The client went away.</summary>
    ClientAborted,

    /// <summary>Production did not answer, or broke off.</summary>
    Failed,
}

/// <summary>What became of an exchange that was to be recorded.</summary>
internal enum RecordFate
{
    /// <summary>Handed to the capture.</summary>
    Recorded,

    /// <summary>As many as may wait were waiting.</summary>
    QueueFull,

    /// <summary>What waited took all the memory that may be taken.</summary>
    NoRoom,

    /// <summary>The capture could not be written any more.</summary>
    Failed,
}
