using Pressure.Cluster;
using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Bench.Cluster;

/// <summary>A worker that says all that a real one says, when it would, and sends nothing to any target.</summary>
/// <param name="bus">The way to the coordinator.</param>
/// <param name="name">Its name.</param>
/// <param name="made">Seconds to tell, in turn.</param>
internal sealed class MadeUpWorker(RabbitBus bus, string name, IReadOnlyList<Interval> made)
{
    // As a worker has it.
    private const int BeatsEach = 4;

    private readonly Guid _instance = Guid.NewGuid();
    private volatile string? _run;
    private long _told;

    /// <summary>Seconds that the broker has.</summary>
    public long Told => Interlocked.Read(ref _told);

    /// <summary>Takes the first run that offers it something, and makes it to its end.</summary>
    public async Task RunAsync()
    {
        await using var box = await bus.OpenAsync(MessageKinds.WorkerMailbox(name), unacknowledged: 16);
        using var over = new CancellationTokenSource();
        var showing = ShowAsync(over.Token);
        ShareOffer? offer = null;
        var beating = Task.CompletedTask;
        await foreach (var delivery in box.ReadAsync())
        {
            await delivery.AcknowledgeAsync();
            if (delivery.Message.Kind == MessageKinds.Offer && offer is null)
            {
                offer = MessageBody.Read<ShareOffer>(delivery.Message, out _);
                _run = offer.Run;
                beating = Task.WhenAll(BeatAsync(offer, over.Token), HearAsync(offer, over.Token));
                await SendAsync(MessageKinds.Ready, new ShareReady(name, offer.Share, offer.Epoch) { ClockUncertainty = TimeSpan.FromMilliseconds(1) });
            }
            else if (delivery.Message.Kind == MessageKinds.Begin && offer is not null)
            {
                await TellAsync(offer, MessageBody.Read<ShareBegin>(delivery.Message, out _));
                break;
            }
        }
        await over.CancelAsync();
        await Task.WhenAll(showing, beating);
        await bus.RemoveAsync(MessageKinds.WorkerMailbox(name));
    }

    private async Task TellAsync(ShareOffer offer, ShareBegin begin)
    {
        var (seconds, part) = ((int)PlanReader.Parse(offer.Plan, "plan.yaml").Plan!.Duration.TotalSeconds, (double)offer.Share / offer.Weights.Count);
        for (var second = 0; second < seconds; second++)
        {
            // Spread over the second, as machines are.
            var due = begin.StartsAt + TimeSpan.FromSeconds(second + 1 + (part / 5)) - TimeProvider.System.GetUtcNow();
            if (due > TimeSpan.Zero)
                await Task.Delay(due);
            var counts = new Interval(offer.Share, second, BenchRun.Requests);
            counts.Add(made[(offer.Share + second) % made.Count]);
            await SendAsync(MessageKinds.Second, Head(offer, second), counts.Encode());
            Interlocked.Increment(ref _told);
        }
        await SendAsync(MessageKinds.Ended, new ShareEnded(name, offer.Share, offer.Epoch) { Seconds = seconds, Until = TimeSpan.FromSeconds(seconds) });
    }

    private ShareSecond Head(ShareOffer offer, int second) => new(name, offer.Share, offer.Epoch)
    {
        Generator = new() { At = TimeSpan.FromSeconds(second + 1), Cpu = 0.5, BusiestLane = 0.5, LateP50 = TimeSpan.FromMicroseconds(50), LateP99 = TimeSpan.FromMicroseconds(200), Memory = 100 << 20 },
    };

    private ValueTask SendAsync<T>(string kind, T head, ReadOnlySpan<byte> rest = default)
        where T : class => bus.SendAsync(MessageKinds.RunMailbox(_run!), MessageBody.Write(kind, head, rest));

    private Task ShowAsync(CancellationToken over) => EachAsync(TimeSpan.FromSeconds(1), () =>
    {
        var card = new WorkerCard { Name = name, Instance = _instance, Version = new WorkerOptions(name, "").Version, Run = _run };
        return bus.TellAsync(MessageKinds.Presence, MessageBody.Write(MessageKinds.Card, card), over);
    }, over);

    private Task BeatAsync(ShareOffer offer, CancellationToken over)
    {
        var number = 0L;
        return EachAsync(offer.Heartbeat / BeatsEach, () =>
        {
            var beat = new Beat(name, _instance, ++number, [new HeldShare(offer.Share, offer.Epoch)]);
            return bus.TellAsync(MessageKinds.BeatsTopic(offer.Run), MessageBody.Write(MessageKinds.Beat, beat), over);
        }, over);
    }

    private async Task HearAsync(ShareOffer offer, CancellationToken over)
    {
        try
        {
            await using var orders = await bus.ListenAsync(MessageKinds.OrdersTopic(offer.Run), over);
            await foreach (var _ in orders.ReadAsync(over))
            {
                // A real one reads them; what counts here is that the broker carries them.
            }
        }
        catch (OperationCanceledException)
        {
            // Done.
        }
    }

    private static async Task EachAsync(TimeSpan pause, Func<ValueTask> deed, CancellationToken over)
    {
        try
        {
            for (; ; await Task.Delay(pause, over))
                await deed();
        }
        catch (OperationCanceledException)
        {
            // Done.
        }
    }
}
