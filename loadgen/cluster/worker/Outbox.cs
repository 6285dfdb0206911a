using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>
/// Delivers the seconds of a share in order, each until it is safe. It reads them back from the share's own record, so nothing grows in memory while the bus is away, and a worker
/// that was cut off for minutes brings everything along.
/// </summary>
internal sealed class Outbox(string folder, HeldShare held, RunLine line, string worker) : IDisposable
{
    private readonly SemaphoreSlim _more = new(0, 1);
    private int _delivered;
    private DateTime? _told;

    /// <summary>Seconds that the coordinator has.</summary>
    public int Delivered => Volatile.Read(ref _delivered);

    /// <summary>There is more in the record.</summary>
    public void Wake()
    {
        try
        {
            _more.Release();
        }
        catch (SemaphoreFullException)
        {
            // It has been told already.
        }
    }

    /// <summary>Delivers until the load is over and everything is delivered, its end at last.</summary>
    /// <returns>Whether all of it was; else the coordinator's mailbox did not take it for too long.</returns>
    /// <exception cref="OperationCanceledException">It was told to stop.</exception>
    public async Task<bool> DeliverAsync(Task<ShareEnded> over, CancellationToken stop)
    {
        _ = over.ContinueWith(_ => Wake(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        string? damage = null;
        using (var seconds = new SecondFollower(folder))
        {
            try
            {
                if (!await DeliverSecondsAsync(seconds, over, stop))
                    return false;
            }
            catch (Exception e) when (e is InvalidDataException or IOException)
            {
                damage = $"worker {worker} can't read its own record: {e.Message}";
            }
        }
        var ended = await over.WaitAsync(stop);
        return await line.DeliverAsync(MessageBody.Write(MessageKinds.Ended, ended with { Seconds = Delivered, Failure = ended.Failure ?? damage }), stop);
    }

    /// <inheritdoc/>
    public void Dispose() => _more.Dispose();

    private async Task<bool> DeliverSecondsAsync(SecondFollower seconds, Task over, CancellationToken stop)
    {
        while (true)
        {
            // Looked at first: what is recorded is recorded before the load is over.
            var isLast = over.IsCompleted;
            while (seconds.Next() is { } second)
            {
                var message = new ShareSecond(worker, held.Share, held.Epoch) { Generator = second.Generator, UsedUp = second.UsedUp };
                if (!await line.DeliverAsync(MessageBody.Write(MessageKinds.Second, message, second.Interval.Span), stop))
                    return false;
                Interlocked.Increment(ref _delivered);
            }
            if (!await DeliverReplayAsync(stop))
                return false;
            if (isLast)
                return true;
            await _more.WaitAsync(stop);
        }
    }

    /// <summary>How faithful a replay is, when that was renewed: behind the seconds that it tells of.</summary>
    private async Task<bool> DeliverReplayAsync(CancellationToken stop)
    {
        var at = ReplayNote.At(folder);
        if (at == _told || ReplayNote.Read(folder) is not { } account)
            return true;
        _told = at;
        return await line.DeliverAsync(MessageBody.Write(MessageKinds.Replay, new ShareReplay(worker, held.Share, held.Epoch, account)), stop);
    }
}
