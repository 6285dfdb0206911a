using System.Diagnostics.CodeAnalysis;
using Pressure.LoadGen;

namespace Pressure.Cluster;

/// <summary>
/// Makes shares of runs for coordinators elsewhere: tells that it is there, takes what is offered, presses, keeps its own record and delivers it. See <see cref="MessageKinds"/> for
/// what is said.
/// </summary>
/// <param name="bus">The bus that coordinators are reached over.</param>
/// <param name="options">Name, labels, folder.</param>
/// <param name="time">Its clock.</param>
[SuppressMessage("Design", "CA1001", Justification = "The source holds no timer and no handle.")]
public sealed class Worker(IBus bus, WorkerOptions options, TimeProvider time)
{
    private const int MostShares = 64;
    private const int MostUnacknowledged = 16;
    private const string ToldToStop = "it was told to stop";

    private readonly Guid _instance = Guid.NewGuid();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, WorkerRun> _runs = [];
    private readonly CancellationTokenSource _leave = new();
    private WorkerParts? _parts;
    private long? _cutOffSince;
    private bool _isLeaving;

    /// <summary>What makes the load.</summary>
    internal ShareEngine Engine { get; init; } = async (job, clock, onSecond, stop) =>
    {
        var engine = new LoadEngine(job, clock);
        await engine.RunAsync(onSecond, stop);
        return engine.Ending!.Value;
    };

    /// <summary>How it stands. Thread-safe.</summary>
    public WorkerStatus Status
    {
        get
        {
            lock (_gate)
            {
                var shares = _runs.Values.SelectMany(r => r.Shares).Select(s => s.Status).Where(s => s.Phase != SharePhase.Done);
                return new(options.Name, _cutOffSince is { } since ? time.GetElapsedTime(since) : null, _isLeaving, [.. shares.OrderBy(s => s.Share).ThenBy(s => s.Epoch)]);
            }
        }
    }

    /// <summary>Works until it is told to stop; then it ends its shares, delivers what it has and leaves.</summary>
    public async Task<WorkerEnding> RunAsync(CancellationToken stop)
    {
        try
        {
            using var held = Hold(options.StateFolder);
            _parts = new(options, new FileStore(StatePlaces.Files(options.StateFolder), options.CacheBytes, time), Engine, time);
            return await RunHeldAsync(stop);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new WorkerEnding.NoFolder(e.Message);
        }
    }

    private async Task<WorkerEnding> RunHeldAsync(CancellationToken stop)
    {
        try
        {
            await using var mailbox = await OpenAsync(stop);
            StateCare.Prune(options, []);
            var leftovers = new Leftovers(bus, options, time).DeliverAsync(stop);
            using var presenceOver = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var presence = TellCardsAsync(presenceOver.Token);
            try
            {
                await foreach (var delivery in mailbox.ReadAsync(stop))
                    await TakeAsync(delivery);
            }
            catch (OperationCanceledException)
            {
                // Told to stop.
            }
            await presenceOver.CancelAsync();
            await Task.WhenAll(presence, leftovers);
            return await LeaveAsync();
        }
        catch (MailboxTakenException)
        {
            return new WorkerEnding.NameTaken(options.Name);
        }
        catch (OperationCanceledException)
        {
            return new WorkerEnding.Stopped(0);
        }
    }

    private async Task<IMailbox> OpenAsync(CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return await bus.OpenAsync(MessageKinds.WorkerMailbox(options.Name), MostUnacknowledged, stop);
            }
            catch (BusException e) when (e is not MailboxTakenException)
            {
                Look();
                await Task.Delay(options.CardEvery, time, stop);
            }
        }
    }

    private async Task TakeAsync(BusDelivery delivery)
    {
        var at = time.GetTimestamp();
        try
        {
            if (Take(delivery.Message, at) is { } why)
                await delivery.RefuseAsync(why);
            else
                await delivery.AcknowledgeAsync();
        }
        catch (InvalidDataException e)
        {
            await delivery.RefuseAsync(e.Message);
        }
    }

    /// <summary>Takes a message; says why it is none for a worker.</summary>
    private string? Take(BusMessage message, long at)
    {
        switch (message.Kind)
        {
            case MessageKinds.Offer:
                var offer = MessageBody.Read<ShareOffer>(message, out _);
                return OfferRules.WhyNot(offer) ?? Take(offer);
            case MessageKinds.Begin:
                var begin = MessageBody.Read<ShareBegin>(message, out _);
                Find(begin.Run)?.Take(begin);
                return null;
            case MessageKinds.Answer:
                var answer = MessageBody.Read<ClockAnswer>(message, out _);
                Find(answer.Run)?.Line.Take(answer, at);
                return null;
            case MessageKinds.Piece:
                var piece = MessageBody.Read<FilePiece>(message, out var bytes);
                foreach (var run in Runs())
                    run.Line.Take(piece, bytes);
                return null;
            default:
                return $"a worker has no use for a message of kind '{message.Kind}'";
        }
    }

    private string? Take(ShareOffer offer)
    {
        lock (_gate)
        {
            if (_runs.Values.FirstOrDefault(r => r.IsBusy && r.Line.Run != offer.Run) is { } other)
            {
                _ = DeclineAsync(offer, $"Worker {options.Name} works for run {other.Line.Run}. Wait for its end, or use another worker.");
                return null;
            }
            if (!_runs.TryGetValue(offer.Run, out var run))
            {
                _runs[offer.Run] = run = new(bus, offer, _parts!, _instance);
                StateCare.Prune(options, _runs.Keys);
            }
            else if (run.Shares.Count(s => s.Phase != SharePhase.Done) >= MostShares)
            {
                _ = DeclineAsync(offer, $"Worker {options.Name} has {MostShares} shares already. Use more workers.");
                return null;
            }
            run.Take(offer, _leave.Token);
        }
        return null;
    }

    private async Task DeclineAsync(ShareOffer offer, string why)
    {
        var ready = new ShareReady(options.Name, offer.Share, offer.Epoch) { Problems = [why] };
        try
        {
            await bus.SendAsync(MessageKinds.RunMailbox(offer.Run), MessageBody.Write(MessageKinds.Ready, ready), _leave.Token);
        }
        catch (Exception e) when (e is BusException or OperationCanceledException)
        {
            // Its coordinator does without an answer: it goes by time as well.
        }
    }

    private async Task TellCardsAsync(CancellationToken over)
    {
        try
        {
            while (true)
            {
                Look();
                await ForgetDoneAsync();
                await TellCardAsync(over);
                await Task.Delay(options.CardEvery, time, over);
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }

    private async Task TellCardAsync(CancellationToken over)
    {
        var card = new WorkerCard
        {
            Name = options.Name,
            Instance = _instance,
            Version = options.Version,
            Region = options.Region,
            Labels = options.Labels,
            Capacity = options.Capacity,
            Cores = Environment.ProcessorCount,
            Descriptors = (int)Math.Min(int.MaxValue, EngineLimits.OpenFiles),
            Run = Runs().FirstOrDefault(r => r.IsBusy)?.Line.Run,
        };
        try
        {
            await bus.TellAsync(MessageKinds.Presence, MessageBody.Write(MessageKinds.Card, card), over);
        }
        catch (BusException)
        {
            // The next one may come through.
        }
    }

    private async Task ForgetDoneAsync()
    {
        List<WorkerRun> done;
        lock (_gate)
        {
            done = [.. _runs.Values.Where(r => r.IsDone)];
            foreach (var run in done)
                _runs.Remove(run.Line.Run);
        }
        foreach (var run in done)
            await run.DisposeAsync();
    }

    private async Task<WorkerEnding> LeaveAsync()
    {
        lock (_gate)
            _isLeaving = true;
        var runs = Runs();
        foreach (var run in runs)
            run.End(ToldToStop);
        var done = Task.WhenAll(runs.Select(r => r.Completion));
        await Task.WhenAny(done, Task.Delay(options.Leaving, time, CancellationToken.None));
        await _leave.CancelAsync();
        await done;
        var undelivered = runs.SelectMany(r => r.Shares).Sum(s => s.Status.Undelivered);
        foreach (var run in runs)
            await run.DisposeAsync();
        return new WorkerEnding.Stopped(undelivered);
    }

    private void Look()
    {
        lock (_gate)
            _cutOffSince = bus.IsConnected ? null : _cutOffSince ?? time.GetTimestamp();
    }

    private WorkerRun? Find(string run)
    {
        lock (_gate)
            return _runs.GetValueOrDefault(run);
    }

    private List<WorkerRun> Runs()
    {
        lock (_gate)
            return [.. _runs.Values];
    }

    private static FileStream Hold(string folder)
    {
        Directory.CreateDirectory(folder);
        try
        {
            return new(StatePlaces.Lock(folder), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(StatePlaces.Lock(folder)))
        {
            throw new IOException($"Another worker uses the folder '{folder}'.", e);
        }
    }
}
