using System.Collections.Concurrent;
using System.Threading.Channels;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>A run's post: reads its mailbox and the topics of its workers, answers what needs no thought, and sends to workers. Thread-safe.</summary>
internal sealed class CrewPost : IAsyncDisposable
{
    // Enough that a slow way to the broker does not slow results down; they all fit into memory.
    private const int Unacknowledged = 64;

    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100), LongestSpread = TimeSpan.FromSeconds(3), Again = TimeSpan.FromSeconds(5);

    private readonly IBus _bus;
    private readonly string _run;
    private readonly OfferedFiles _files;
    private readonly TimeProvider _time;
    private readonly IMailbox _mailbox;
    private readonly IReadOnlyList<IListener> _topics;
    private readonly ConcurrentDictionary<string, WorkerLine> _lines = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ICrewReader _reader;
    private readonly Task _listening;
    // Prefetch bounds it.
    private readonly Channel<BusDelivery> _taken = Channel.CreateUnbounded<BusDelivery>();
    private Task _reading = Task.CompletedTask;
    private RunClock? _clock;
    private Task _acknowledging = Task.CompletedTask;
    private long? _inVain;
    private int _closed;
    private long _poisoned;
    private long _lastAsked;

    private CrewPost(IBus bus, string run, OfferedFiles files, ICrewReader reader, TimeProvider time, IMailbox mailbox, IReadOnlyList<IListener> topics)
    {
        (_bus, _run, _files, _reader, _time, _mailbox, _topics) = (bus, run, files, reader, time, mailbox, topics);
        _listening = Task.WhenAll(topics.Select(t => Task.Run(() => ListenAsync(t))));
    }

    /// <summary>Messages of which nobody could make anything; they lie with the dead letters.</summary>
    public long Poisoned => Interlocked.Read(ref _poisoned);

    /// <summary>When somebody last asked for a piece of a file; a timestamp.</summary>
    public long LastAsked => Interlocked.Read(ref _lastAsked);
    /// <summary>Is awaited before results are acknowledged; null for nothing. Set once, before anything is told of a run.</summary>
    public Func<CancellationToken, Task>? Spread
    {
        get;
        set
        {
            field = value;
            if (value is not null)
                _acknowledging = Task.Run(AcknowledgeAsync);
        }
    }

    /// <summary>Whether anything can be carried right now.</summary>
    public bool IsConnected => _bus.IsConnected;

    /// <summary>Opens the run's mailbox and listens.</summary>
    /// <exception cref="BusException">Not connected, or another coordinator has the run.</exception>
    public static async Task<CrewPost> OpenAsync(IBus bus, string run, OfferedFiles files, ICrewReader reader, TimeProvider time, CancellationToken stop)
    {
        var mailbox = await bus.OpenAsync(MessageKinds.RunMailbox(run), Unacknowledged, stop);
        var topics = new List<IListener>();
        try
        {
            topics.Add(await bus.ListenAsync(MessageKinds.Presence, stop));
            topics.Add(await bus.ListenAsync(MessageKinds.BeatsTopic(run), stop));
            return new(bus, run, files, reader, time, mailbox, topics);
        }
        catch
        {
            foreach (var topic in topics)
                await topic.DisposeAsync();
            await mailbox.DisposeAsync();
            throw;
        }
    }

    /// <summary>Begins to read the mailbox: what is read is acknowledged, so somebody must be there who takes it. Once is enough.</summary>
    public void Read()
    {
        if (_reading == Task.CompletedTask)
            _reading = Task.Run(ReadMailboxAsync);
    }

    /// <summary>The run has begun: whoever asks from now on is told its time, wherever the wall clock is set to.</summary>
    public void AnswerBy(RunClock clock) => Volatile.Write(ref _clock, clock);

    /// <summary>Sends to a worker, when those before were sent.</summary>
    public void Send(string worker, Func<BusMessage> message)
    {
        if (_closed == 0 && _reader.Knows(worker))
            _lines.GetOrAdd(worker, w => new WorkerLine(_bus, w, _time)).Send(message);
    }

    /// <summary>Tells all workers; whoever does not hear it hears the next.</summary>
    public async Task TellAsync(Orders orders)
    {
        try
        {
            await _bus.TellAsync(MessageKinds.OrdersTopic(_run), MessageBody.Write(MessageKinds.Orders, orders), _stop.Token);
        }
        catch (Exception e) when (e is BusException or OperationCanceledException)
        {
            // The next orders tell all of it again.
        }
    }

    /// <summary>Nothing more is wanted of the run's mailbox.</summary>
    public async Task RemoveAsync()
    {
        await DisposeAsync();
        try
        {
            await _bus.RemoveAsync(MessageKinds.RunMailbox(_run));
        }
        catch (BusException)
        {
            // It expires by itself.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 1)
            return;
        await _stop.CancelAsync();
        await Task.WhenAll(_listening, _reading, _acknowledging);
        foreach (var line in _lines.Values)
            await line.DisposeAsync();
        foreach (var topic in _topics)
            await topic.DisposeAsync();
        await _mailbox.DisposeAsync();
    }

    private DateTimeOffset NowForWorkers => Volatile.Read(ref _clock) is { } clock ? clock.WallTimeAt(clock.Now) : _time.GetUtcNow();

    private async Task ListenAsync(IListener topic)
    {
        try
        {
            await foreach (var message in topic.ReadAsync(_stop.Token))
            {
                try
                {
                    TakeTold(message);
                }
                catch (InvalidDataException)
                {
                    Interlocked.Increment(ref _poisoned);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Closed.
        }
    }

    private void TakeTold(BusMessage message)
    {
        if (message.Kind == MessageKinds.Card)
            _reader.Take(MessageBody.Read<WorkerCard>(message, out _));
        else if (message.Kind == MessageKinds.Beat)
            _reader.Take(MessageBody.Read<Beat>(message, out _));
    }

    private async Task ReadMailboxAsync()
    {
        try
        {
            await foreach (var delivery in _mailbox.ReadAsync(_stop.Token))
            {
                try
                {
                    TakeSent(delivery.Message);
                    if (Spread is null || delivery.Message.Kind is MessageKinds.Question or MessageKinds.Wanted)
                        await delivery.AcknowledgeAsync();
                    else
                        _taken.Writer.TryWrite(delivery);
                }
                catch (InvalidDataException e)
                {
                    Interlocked.Increment(ref _poisoned);
                    await delivery.RefuseAsync(e.Message);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or BusException)
        {
            // Closed, by us or by whoever ended the bus: what is left in the mailbox stays there.
        }
    }

    /// <summary>Acknowledges what was taken when it has been spread; where that can't be now, since the run goes on all the same.</summary>
    private async Task AcknowledgeAsync()
    {
        try
        {
            while (await _taken.Reader.WaitToReadAsync(_stop.Token))
            {
                await Task.Delay(Gathering, _time, _stop.Token);
                var batch = new List<BusDelivery>();
                while (_taken.Reader.TryRead(out var delivery))
                    batch.Add(delivery);
                await SpreadAsync();
                foreach (var delivery in batch)
                    await delivery.AcknowledgeAsync();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or BusException)
        {
            // Closed: what is not acknowledged comes again, and is known by its bytes.
        }
    }

    private async Task SpreadAsync()
    {
        if (_inVain is { } at && _time.GetElapsedTime(at) < Again)
            return;
        try
        {
            await Spread!(_stop.Token).WaitAsync(LongestSpread, _time, _stop.Token);
            _inVain = null;
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            _inVain = _time.GetTimestamp();
        }
    }

    private void TakeSent(BusMessage message)
    {
        switch (message.Kind)
        {
            case MessageKinds.Second:
                _reader.Take(MessageBody.Read<ShareSecond>(message, out var interval), interval.Span);
                break;
            case MessageKinds.Replay:
                _reader.Take(MessageBody.Read<ShareReplay>(message, out _));
                break;
            case MessageKinds.Ended:
                _reader.Take(MessageBody.Read<ShareEnded>(message, out _));
                break;
            case MessageKinds.Ready:
                _reader.Take(MessageBody.Read<ShareReady>(message, out _));
                break;
            case MessageKinds.Question:
                var question = MessageBody.Read<ClockQuestion>(message, out _);
                Send(question.Worker, () => MessageBody.Write(MessageKinds.Answer, new ClockAnswer(_run, question.Number, NowForWorkers)));
                break;
            case MessageKinds.Wanted:
                var wanted = MessageBody.Read<FileWanted>(message, out _);
                if (_reader.Knows(wanted.Worker))
                    Interlocked.Exchange(ref _lastAsked, _time.GetTimestamp());
                Send(wanted.Worker, () => _files.Piece(wanted.Hash, wanted.Offset));
                break;
            default:
                throw new InvalidDataException($"A message of kind '{message.Kind}' is none for a coordinator.");
        }
    }
}
