using System.Collections.Concurrent;
using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Cluster.Tests;

/// <summary>Plays the coordinator of a run over a bus, as a test tells it to: answers questions by itself, everything else on demand.</summary>
internal sealed class ScriptedCoordinator : IAsyncDisposable
{
    public const string Run = "20260101-000000-shop-0001";

    private readonly IBus _bus;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _over = new();
    private readonly List<Task> _work = [];
    private long _orders;
    private bool _isSilent;

    private ScriptedCoordinator(IBus bus, TimeProvider time) => (_bus, _time) = (bus, time);

    public ConcurrentQueue<WorkerCard> Cards { get; } = new();

    public ConcurrentQueue<Beat> Beats { get; } = new();

    public ConcurrentQueue<ShareReady> Readies { get; } = new();

    public ConcurrentQueue<(ShareSecond Head, Interval Interval)> Seconds { get; } = new();

    public ConcurrentQueue<ShareEnded> Ends { get; } = new();

    public ConcurrentQueue<FileWanted> Wanted { get; } = new();

    /// <summary>Files that it can give, by hash.</summary>
    public ConcurrentDictionary<string, byte[]> Files { get; } = new();

    /// <summary>Who has which share, as its orders say.</summary>
    public List<ShareHolder> Holders { get; } = [];

    public List<OrderedChange> Changes { get; } = [];

    public bool Stop { get; set; }

    /// <summary>While it is, no orders are told.</summary>
    public bool IsSilent
    {
        get => Volatile.Read(ref _isSilent);
        set => Volatile.Write(ref _isSilent, value);
    }

    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromMilliseconds(200);

    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(20);

    public static async Task<ScriptedCoordinator> StartAsync(IBus bus, TimeProvider? time = null, TimeSpan? lease = null)
    {
        var made = new ScriptedCoordinator(bus, time ?? TimeProvider.System) { Lease = lease ?? TimeSpan.FromSeconds(20) };
        var mailbox = await bus.OpenAsync(MessageKinds.RunMailbox(Run), 16);
        var beats = await bus.ListenAsync(MessageKinds.BeatsTopic(Run));
        var cards = await bus.ListenAsync(MessageKinds.Presence);
        made._work.Add(made.ReadAsync(mailbox));
        made._work.Add(made.HearAsync(beats, message => made.Beats.Enqueue(MessageBody.Read<Beat>(message, out _))));
        made._work.Add(made.HearAsync(cards, message => made.Cards.Enqueue(MessageBody.Read<WorkerCard>(message, out _))));
        made._work.Add(made.OrderAsync());
        return made;
    }

    public ShareOffer Offer(string plan, int share = 0, int epoch = 1, int shares = 1, string? version = null) => new()
    {
        Run = Run,
        Share = share,
        Epoch = epoch,
        Weights = [.. Enumerable.Repeat(1, shares)],
        Version = version ?? new WorkerOptions("any", "any").Version,
        Manifest = ManifestOf(plan),
        Plan = plan,
        Heartbeat = Heartbeat,
        Lease = Lease,
    };

    public async Task OfferAsync(string worker, ShareOffer offer)
    {
        lock (Holders)
        {
            Holders.RemoveAll(h => h.Share == offer.Share);
            Holders.Add(new(offer.Share, offer.Epoch, worker));
        }
        await _bus.SendAsync(MessageKinds.WorkerMailbox(worker), MessageBody.Write(MessageKinds.Offer, offer));
    }

    /// <summary>Offers a share, waits until it is ready and lets it begin.</summary>
    public async Task<ShareReady> GiveAsync(string worker, ShareOffer offer)
    {
        await OfferAsync(worker, offer);
        var ready = await Eventually.Get(() => Readies.FirstOrDefault(r => r.Share == offer.Share && r.Epoch == offer.Epoch));
        if (ready.Problems.Count == 0)
            await BeginAsync(worker, offer);
        return ready;
    }

    public async Task BeginAsync(string worker, ShareOffer offer)
    {
        StartsAt ??= _time.GetUtcNow() + TimeSpan.FromMilliseconds(300);
        await _bus.SendAsync(MessageKinds.WorkerMailbox(worker), MessageBody.Write(MessageKinds.Begin, new ShareBegin(Run, offer.Share, offer.Epoch, StartsAt.Value)));
    }

    public DateTimeOffset? StartsAt { get; set; }

    public async Task TellOrdersAsync(long? number = null, bool? stop = null)
    {
        Orders orders;
        lock (Holders)
        {
            orders = new()
            {
                Number = number ?? Interlocked.Increment(ref _orders),
                Holders = [.. Holders],
                Heard = Beats.GroupBy(b => b.Worker).ToDictionary(g => g.Key, g => g.Max(b => b.Number)),
                Changes = [.. Changes],
                Stop = stop ?? Stop,
            };
        }
        await _bus.TellAsync(MessageKinds.OrdersTopic(Run), MessageBody.Write(MessageKinds.Orders, orders));
    }

    public void Give(int share, int epoch, string worker)
    {
        lock (Holders)
        {
            Holders.RemoveAll(h => h.Share == share);
            Holders.Add(new(share, epoch, worker));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        foreach (var work in _work)
        {
            try
            {
                await work;
            }
            catch (OperationCanceledException)
            {
                // Ended by us.
            }
        }
        _over.Dispose();
    }

    private static string ManifestOf(string plan)
    {
        var read = PlanReader.Parse(plan, "plan.yaml").Plan;
        return ManifestText.Write(new RunManifest
        {
            Id = Run,
            Name = "shop",
            Target = "http://127.0.0.1/",
            StartedAt = DateTimeOffset.UnixEpoch,
            Version = "1",
            Duration = TimeSpan.FromSeconds(1),
            Load = LoadManifest.OfDrill,
            Requests = read is null ? [] : Workload.Of(read).Requests(),
        });
    }

    private async Task OrderAsync()
    {
        while (true)
        {
            if (!IsSilent)
                await TellOrdersAsync();
            await Task.Delay(Heartbeat / 2, TimeProvider.System, _over.Token);
        }
    }

    private async Task HearAsync(IListener listener, Action<BusMessage> take)
    {
        await using (listener)
        {
            await foreach (var message in listener.ReadAsync(_over.Token))
                take(message);
        }
    }

    private async Task ReadAsync(IMailbox mailbox)
    {
        await using (mailbox)
        {
            await foreach (var delivery in mailbox.ReadAsync(_over.Token))
            {
                await TakeAsync(delivery.Message);
                await delivery.AcknowledgeAsync();
            }
        }
    }

    private async Task TakeAsync(BusMessage message)
    {
        switch (message.Kind)
        {
            case MessageKinds.Ready:
                Readies.Enqueue(MessageBody.Read<ShareReady>(message, out _));
                break;
            case MessageKinds.Second:
                var second = MessageBody.Read<ShareSecond>(message, out var interval);
                Seconds.Enqueue((second, Interval.Decode(interval.Span)));
                break;
            case MessageKinds.Ended:
                Ends.Enqueue(MessageBody.Read<ShareEnded>(message, out _));
                break;
            case MessageKinds.Question:
                var question = MessageBody.Read<ClockQuestion>(message, out _);
                await _bus.SendAsync(MessageKinds.WorkerMailbox(question.Worker), MessageBody.Write(MessageKinds.Answer, new ClockAnswer(Run, question.Number, _time.GetUtcNow() + Ahead)));
                break;
            case MessageKinds.Wanted:
                var wanted = MessageBody.Read<FileWanted>(message, out _);
                Wanted.Enqueue(wanted);
                await GivePieceAsync(wanted);
                break;
        }
    }

    /// <summary>How much its clock is ahead.</summary>
    public TimeSpan Ahead { get; set; }

    private async Task GivePieceAsync(FileWanted wanted)
    {
        var bytes = Files.GetValueOrDefault(wanted.Hash);
        var piece = new FilePiece(wanted.Hash, wanted.Offset, bytes?.Length ?? 0) { Problem = bytes is null ? "there is no such file" : null };
        var rest = bytes is null ? [] : bytes.AsSpan((int)wanted.Offset, (int)Math.Min(PieceBytes, bytes.Length - wanted.Offset)).ToArray();
        await _bus.SendAsync(MessageKinds.WorkerMailbox(wanted.Worker), MessageBody.Write(MessageKinds.Piece, piece, rest));
    }

    public int PieceBytes { get; set; } = 1 << 20;
}
