using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>Delivers what an earlier start of this worker recorded and could not deliver: it was killed, or told to stop while the bus was away. Their coordinator passes over what it has.</summary>
internal sealed class Leftovers(IBus bus, WorkerOptions options, TimeProvider time)
{
    private static readonly TimeSpan Oldest = TimeSpan.FromDays(1);

    /// <summary>Delivers all of them, one after the other. Never fails.</summary>
    public async Task DeliverAsync(CancellationToken stop)
    {
        try
        {
            foreach (var folder in Folders())
            {
                if (ShareNote.Read(folder) is { IsSettled: false } note)
                    await DeliverAsync(folder, note, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The next start goes on.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What can't be read can't be delivered; its folder stays for people.
        }
    }

    private IEnumerable<string> Folders()
    {
        var runs = new DirectoryInfo(StatePlaces.Runs(options.StateFolder));
        if (!runs.Exists)
            return [];
        var oldest = time.GetUtcNow() - Oldest;
        return [.. runs.GetDirectories().SelectMany(r => r.GetDirectories("share-*")).Where(d => d.LastWriteTimeUtc > oldest).Select(d => d.FullName)];
    }

    private async Task DeliverAsync(string folder, ShareNote note, CancellationToken stop)
    {
        var line = new RunLine(bus, note.Run, options, time);
        using var outbox = new Outbox(folder, new(note.Share, note.Epoch), line, options.Name);
        var ended = note.Ended ?? new ShareEnded(options.Name, note.Share, note.Epoch) { Seconds = 0, Until = LastSecond(folder), Failure = "it ended without a word and was started again" };
        await outbox.DeliverAsync(Task.FromResult(ended), stop);
        ShareNote.Settle(folder);
    }

    /// <summary>The end of the last second that is recorded.</summary>
    private static TimeSpan LastSecond(string folder)
    {
        var last = TimeSpan.Zero;
        try
        {
            using var seconds = new SecondFollower(folder);
            while (seconds.Next() is { } second)
                last = TimeSpan.FromSeconds(Interval.Decode(second.Interval.Span).Second + 1);
        }
        catch (InvalidDataException)
        {
            // Up to there.
        }
        return last;
    }
}
