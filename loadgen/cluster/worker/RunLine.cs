namespace Pressure.Cluster;

/// <summary>The line from a worker to the coordinator of a run: sends what has to arrive, however long that takes, and asks questions.</summary>
internal sealed class RunLine(IBus bus, string run, WorkerOptions options, TimeProvider time)
{
    private const int ClockQuestions = 8;
    private const int MostTries = 12;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly PendingAnswers<int, (long At, DateTimeOffset There)> _clocks = new();
    private readonly PendingAnswers<(string Hash, long Offset), (FilePiece Piece, ReadOnlyMemory<byte> Bytes)> _pieces = new();
    private int _questions;

    /// <summary>The run.</summary>
    public string Run { get; } = run;

    /// <summary>An answer has come at a moment.</summary>
    public void Take(ClockAnswer answer, long at) => _clocks.Take(answer.Number, (at, answer.Now));

    /// <summary>A piece of a file has come.</summary>
    public void Take(FilePiece piece, ReadOnlyMemory<byte> bytes) => _pieces.Take((piece.Hash, piece.Offset), (piece, bytes));

    /// <summary>Tries until a message is safe.</summary>
    /// <returns>Whether it is; else the bus was there but did not take it for as long as <see cref="WorkerOptions.Patience"/>.</returns>
    /// <exception cref="OperationCanceledException">It was told to stop.</exception>
    public async Task<bool> DeliverAsync(BusMessage message, CancellationToken stop)
    {
        var refusedSince = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await bus.SendAsync(MessageKinds.RunMailbox(Run), message, stop);
                return true;
            }
            catch (BusException)
            {
                // While the bus is away nobody can say that the mailbox is gone for good.
                if (!bus.IsConnected)
                    refusedSince = time.GetTimestamp();
                else if (time.GetElapsedTime(refusedSince) > options.Patience)
                    return false;
            }
            await Task.Delay(pause, time, stop);
        }
    }

    /// <summary>What time it is at the coordinator, by the question of several that was answered soonest; null when none was.</summary>
    public async Task<ClockEstimate?> AskClockAsync(CancellationToken stop)
    {
        ClockEstimate? best = null;
        for (var (asked, misses) = (0, 0); asked < ClockQuestions && misses < 3; asked++)
        {
            if (await AskClockOnceAsync(stop) is not { } estimate)
                misses++;
            else if (best is null || estimate.Uncertainty < best.Value.Uncertainty)
                best = estimate;
        }
        return best;
    }

    /// <summary>A piece of a file; null when none comes.</summary>
    public async Task<(FilePiece Piece, ReadOnlyMemory<byte> Bytes)?> AskPieceAsync(string hash, long offset, CancellationToken stop)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            var question = MessageBody.Write(MessageKinds.Wanted, new FileWanted(options.Name, hash, offset));
            if (await TryAskAsync(_pieces, (hash, offset), question, stop) is (true, var piece))
                return piece;
        }
        return null;
    }

    /// <summary>The same by one question; null when it was not answered.</summary>
    public async Task<ClockEstimate?> AskClockOnceAsync(CancellationToken stop)
    {
        var number = Interlocked.Increment(ref _questions);
        var asked = time.GetTimestamp();
        return await TryAskAsync(_clocks, number, MessageBody.Write(MessageKinds.Question, new ClockQuestion(options.Name, number)), stop) is (true, var (answered, there))
            ? ClockEstimate.Of(time, asked, answered, there)
            : null;
    }

    private async Task<(bool Came, TAnswer? Answer)> TryAskAsync<TKey, TAnswer>(PendingAnswers<TKey, TAnswer> pending, TKey key, BusMessage question, CancellationToken stop)
        where TKey : notnull
    {
        try
        {
            return await pending.AskAsync(key, () => bus.SendAsync(MessageKinds.RunMailbox(Run), question, stop), options.AskAgain, time, stop);
        }
        catch (BusException)
        {
            await Task.Delay(options.AskAgain, time, stop);
            return default;
        }
    }
}
