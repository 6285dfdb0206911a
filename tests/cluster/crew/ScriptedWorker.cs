using System.Reflection;
using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Cluster.Tests;

/// <summary>
/// A worker that plays its part without sending anything: it tells what it would have made by the plan's schedule, second by second, and does to the letter what a test wants of it.
/// </summary>
internal sealed class ScriptedWorker : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly IBus _bus;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly List<Task> _tasks = [];
    private readonly Dictionary<int, ShareOffer> _offers = [];
    private readonly HashSet<(int Share, int Epoch)> _begun = [];
    private Dictionary<(int Share, int Epoch), Term> _terms = [];
    private Orders _orders = new() { Number = 0, Holders = [], Heard = new Dictionary<string, long>() };
    private DateTimeOffset _leaseUntil = DateTimeOffset.MaxValue;
    private readonly Dictionary<long, DateTimeOffset> _sentBeats = [];
    private IMailbox? _mailbox;
    private string? _run;
    private readonly System.Threading.Channels.Channel<FilePiece> _pieces = System.Threading.Channels.Channel.CreateUnbounded<FilePiece>();
    private ReadOnlyMemory<byte> _piece;
    private long _beat;
    private int _ended;

    public ScriptedWorker(IBus bus, string name, TimeProvider? time = null)
    {
        (_bus, _time) = (bus, time ?? TimeProvider.System);
        Card = new WorkerCard { Name = name, Instance = Guid.NewGuid(), Version = OwnVersion };
    }

    public static string OwnVersion { get; } = typeof(Coordinator).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public WorkerCard Card { get; set; }

    /// <summary>What keeps it from beginning.</summary>
    public List<string> Problems { get; } = [];

    public TimeSpan ClockOffset { get; set; }

    /// <summary>Whether it answers offers.</summary>
    public bool Answers { get; set; } = true;

    /// <summary>Dead or cut off: nothing comes from it, nothing reaches it.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Cut off one way: it hears everything, and nobody hears it.</summary>
    public bool IsMute { get; set; }

    /// <summary>Frozen: like silent, and its lease is looked at only when it wakes.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>What it does to a second before it is sent.</summary>
    public Func<ShareSecond, byte[], IEnumerable<BusMessage>> Send { get; set; } = (second, interval) => [MessageBody.Write(MessageKinds.Second, second, interval)];

    /// <summary>All that it made, as in its local run folder.</summary>
    public List<Interval> Made { get; } = [];

    public IReadOnlyList<Interval> MadeSoFar
    {
        get
        {
            lock (Made)
                return [.. Made];
        }
    }

    public IReadOnlyList<ShareOffer> Offers
    {
        get
        {
            lock (_gate)
                return [.. _offers.Values];
        }
    }

    /// <summary>Shares that it has come to an end with.</summary>
    public int Ended => Volatile.Read(ref _ended);

    public Orders LastOrders => Volatile.Read(ref _orders);

    public async Task<ScriptedWorker> StartAsync()
    {
        _mailbox = await _bus.OpenAsync(MessageKinds.WorkerMailbox(Card.Name), 8);
        _tasks.Add(Task.Run(ReadAsync));
        _tasks.Add(Task.Run(ShowAsync));
        return this;
    }

    /// <summary>Shows its card and does nothing else: somebody else has its name.</summary>
    public Task<ScriptedWorker> ShowOnlyAsync()
    {
        _tasks.Add(Task.Run(ShowAsync));
        return Task.FromResult(this);
    }

    /// <summary>Fetches a file, piece by piece.</summary>
    public async Task<byte[]> FetchAsync(OfferedFile file)
    {
        var bytes = new List<byte>();
        while (bytes.Count < file.Length)
        {
            await AskAsync(file.Hash, bytes.Count);
            bytes.AddRange(_piece.ToArray());
        }
        return [.. bytes];
    }

    /// <summary>Asks for a piece of a file.</summary>
    public async Task<FilePiece> AskAsync(string hash, long offset)
    {
        await _bus.SendAsync(MessageKinds.RunMailbox(_run!), MessageBody.Write(MessageKinds.Wanted, new FileWanted(Card.Name, hash, offset)));
        return await _pieces.Reader.ReadAsync(_end.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_tasks.ToArray());
        if (_mailbox is not null)
            await _mailbox.DisposeAsync();
        _end.Dispose();
    }

    private async Task ShowAsync() => await UntilEndAsync(async () =>
    {
        while (true)
        {
            if (!IsSilent && !IsMute && !IsFrozen)
                await _bus.TellAsync(MessageKinds.Presence, MessageBody.Write(MessageKinds.Card, Card with { Run = _terms.Count > 0 ? _run : null }));
            await Task.Delay(200, _end.Token);
        }
    });

    private async Task ReadAsync() => await UntilEndAsync(async () =>
    {
        await foreach (var delivery in _mailbox!.ReadAsync(_end.Token))
        {
            while (IsSilent || IsFrozen)
                await Task.Delay(20, _end.Token);
            await delivery.AcknowledgeAsync();
            if (delivery.Message.Kind == MessageKinds.Offer)
                await OnOfferAsync(MessageBody.Read<ShareOffer>(delivery.Message, out _));
            else if (delivery.Message.Kind == MessageKinds.Piece)
                await _pieces.Writer.WriteAsync(MessageBody.Read<FilePiece>(delivery.Message, out _piece));
            else if (delivery.Message.Kind == MessageKinds.Begin && MessageBody.Read<ShareBegin>(delivery.Message, out _) is var begin && _offers.TryGetValue(begin.Share, out var offer) && offer.Epoch == begin.Epoch && _begun.Add((begin.Share, begin.Epoch)))
                Begin(begin, offer);
        }
    });

    private async Task OnOfferAsync(ShareOffer offer)
    {
        lock (_gate)
            _offers[offer.Share] = offer;
        if (_run != offer.Run)
        {
            _run = offer.Run;
            var topic = await _bus.ListenAsync(MessageKinds.OrdersTopic(offer.Run));
            _tasks.Add(Task.Run(() => HearAsync(topic)));
            _tasks.Add(Task.Run(() => BeatAsync(offer)));
        }
        if (Answers)
            await TellRunAsync(MessageBody.Write(MessageKinds.Ready, new ShareReady(Card.Name, offer.Share, offer.Epoch) { ClockOffset = ClockOffset, ClockUncertainty = TimeSpan.FromMilliseconds(1), Problems = [.. Problems] }));
    }

    private async Task HearAsync(IListener topic) => await UntilEndAsync(async () =>
    {
        await foreach (var message in topic.ReadAsync(_end.Token))
        {
            if (IsSilent || IsFrozen)
                continue;
            var orders = MessageBody.Read<Orders>(message, out _);
            if (orders.Number < LastOrders.Number)
                continue;
            Volatile.Write(ref _orders, orders);
            lock (_gate)
            {
                if (_offers.Values.FirstOrDefault() is { } offer && orders.Heard.TryGetValue(Card.Name, out var heard) && _sentBeats.TryGetValue(heard, out var at))
                    _leaseUntil = at + offer.Lease;
            }
        }
    });

    private async Task BeatAsync(ShareOffer offer) => await UntilEndAsync(async () =>
    {
        while (true)
        {
            if (!IsSilent && !IsFrozen)
            {
                lock (_gate)
                    _sentBeats[++_beat] = _time.GetUtcNow();
                if (!IsMute)
                    await _bus.TellAsync(MessageKinds.BeatsTopic(offer.Run), MessageBody.Write(MessageKinds.Beat, new Beat(Card.Name, Card.Instance, _beat, [.. _terms.Keys.Select(k => new HeldShare(k.Share, k.Epoch))])));
            }
            await Task.Delay(offer.Heartbeat / 4, _end.Token);
        }
    });

    private void Begin(ShareBegin begin, ShareOffer offer)
    {
        lock (_gate)
            _terms = new(_terms) { [(begin.Share, begin.Epoch)] = new() };
        _tasks.Add(Task.Run(() => UntilEndAsync(() => MakeAsync(begin, offer))));
    }

    private async Task MakeAsync(ShareBegin begin, ShareOffer offer)
    {
        var plan = PlanReader.Parse(offer.Plan, "plan.yaml").Plan!;
        var starts = Workload.Of(plan).Starts;
        var split = new ShareSplit([.. offer.Weights.Select(w => (decimal)w)]);
        var requests = plan.Requests.Count;
        var (told, until, leaseRanOut) = (0, plan.Duration, false);
        // A share that begins late needs a lease that still runs.
        while (_time.GetUtcNow() >= _leaseUntil)
            await Task.Delay(10, _end.Token);
        for (var second = (int)offer.From.TotalSeconds; TimeSpan.FromSeconds(second) < until; second++)
        {
            var (from, to) = (TimeSpan.FromSeconds(second), TimeSpan.FromSeconds(second + 1));
            while (_time.GetUtcNow() < begin.StartsAt + to || IsFrozen)
            {
                await Task.Delay(10, _end.Token);
                var holds = LastOrders.Holders.Any(h => h.Share == offer.Share && h.Epoch == offer.Epoch && h.Worker == Card.Name) || LastOrders.Number == 0;
                if (LastOrders.Stop || !holds)
                    until = Earlier(until, Floor(_time.GetUtcNow() - begin.StartsAt, from, to));
                if (_time.GetUtcNow() >= _leaseUntil)
                    (until, leaseRanOut) = (Earlier(until, Floor(_leaseUntil - begin.StartsAt, offer.From, to)), true);
                if (until < to && _time.GetUtcNow() - begin.StartsAt >= until && !IsFrozen)
                    break;
            }
            var interval = new Interval(offer.Share, second, requests);
            for (var n = 0L; n < starts.Count && starts.IntendedStart(n) < to && starts.IntendedStart(n) < until; n++)
            {
                if (starts.IntendedStart(n) < from || starts.IntendedStart(n) < offer.From || split.ShareOf(n) != offer.Share)
                    continue;
                interval.IterationsStarted++;
                interval.IterationsEnded++;
                foreach (var request in interval.Requests)
                {
                    request.Asked++;
                    request.Sent++;
                    request.Ok++;
                    request.CountStatus(200);
                    request.ResponseTime.Record(TimeSpan.FromMilliseconds(n % 90 + 1));
                    request.ServiceTime.Record(TimeSpan.FromMilliseconds(n % 90 + 1));
                }
            }
            lock (Made)
                Made.Add(interval);
            told++;
            var message = new ShareSecond(Card.Name, offer.Share, offer.Epoch)
            {
                Generator = new GeneratorSample { At = to, Cpu = 0.1, BusiestLane = 0.1, LateP50 = default, LateP99 = default, Memory = 1 },
            };
            foreach (var sent in Send(message, interval.Encode()))
                await TellRunAsync(sent);
        }
        Interlocked.Increment(ref _ended);
        await TellRunAsync(MessageBody.Write(MessageKinds.Ended, new ShareEnded(Card.Name, offer.Share, offer.Epoch) { Seconds = told, Until = until, LeaseRanOut = leaseRanOut }));
        lock (_gate)
        {
            _terms = new(_terms);
            _terms.Remove((offer.Share, offer.Epoch));
        }
    }

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Floor(TimeSpan value, TimeSpan least, TimeSpan most) => value < least ? least : value > most ? most : value;

    private async Task TellRunAsync(BusMessage message)
    {
        while (IsSilent || IsMute || IsFrozen)
            await Task.Delay(10, _end.Token);
        try
        {
            await _bus.SendAsync(MessageKinds.RunMailbox(_run!), message);
        }
        catch (BusException)
        {
            // The run is over.
        }
    }

    private static async Task UntilEndAsync(Func<Task> what)
    {
        try
        {
            await what();
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private sealed class Term;
}
