using System.Collections.Concurrent;
using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Cluster.Tests;

/// <summary>The post reads on until the crew is let go; what comes once the load is over must find its books closed.</summary>
public sealed class ClosedBookTests : CrewTest
{
    private readonly RunClock _clock = new(TimeProvider.System);

    [Fact(Timeout = 60_000)]
    public async Task What_a_lost_worker_tells_after_its_share_was_counted_as_not_sent_is_not_counted_again()
    {
        var (worker, withheld) = await WithheldAsync();
        await using var crew = (await RecruitAsync("rate: 100/s, duration: 30s", workers: 1)).Crew!;
        var book = new Book();
        var load = LoadOf(crew, book);
        var running = load.RunAsync(Cancelled);
        await UntilAsync(() => !withheld.IsEmpty);
        worker.IsSilent = true;
        await running;

        Assert.True(withheld.TryPeek(out var told));
        var (second, interval) = told;
        Assert.Equal(3_000, book.Unsent);
        var events = book.Told;
        load.Take(second, interval);
        load.Take(new ShareEnded("a", 0, 0) { Seconds = 1, Until = TimeSpan.FromSeconds(1) });
        Assert.Equal((0, events), (book.Kept, book.Told));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_load_that_ends_by_a_fault_takes_nothing_any_more_either()
    {
        var (_, withheld) = await WithheldAsync();
        await using var crew = (await RecruitAsync("rate: 100/s, duration: 30s", workers: 1)).Crew!;
        var book = new Book { Fault = new InvalidOperationException("a rule of the plan is broken") };
        var load = LoadOf(crew, book);
        await Assert.ThrowsAsync<InvalidOperationException>(() => load.RunAsync(Cancelled));
        await UntilAsync(() => !withheld.IsEmpty);

        Assert.True(withheld.TryPeek(out var told));
        load.Take(told.Second, told.Interval);
        Assert.Equal(0, book.Kept);
    }

    private async Task<(ScriptedWorker Worker, ConcurrentQueue<(ShareSecond Second, byte[] Interval)> Withheld)> WithheldAsync()
    {
        var withheld = new ConcurrentQueue<(ShareSecond, byte[])>();
        var worker = await WorkerAsync("a", w => w.Send = (second, interval) =>
        {
            withheld.Enqueue((second, interval));
            return [];
        });
        return (worker, withheld);
    }

    private CrewLoad LoadOf(Crew crew, Book book)
    {
        var workload = Workload.Of(crew.Request.Run.Plan);
        return new(crew, workload, crew.Provisional, _clock, new Steering(workload, _clock), book);
    }

    private sealed class Book : ICrewBook
    {
        private int _kept;
        private int _told;

        public Exception? Fault { get; init; }

        public int Kept => Volatile.Read(ref _kept);

        public int Told => Volatile.Read(ref _told);

        public long Unsent { get; private set; }

        public void Keep(Interval second, GeneratorSample generator) => Interlocked.Increment(ref _kept);

        public void Keep(Interval unsent) => Unsent += unsent.Requests.Sum(r => r.Asked);

        public void Keep(ReplayRecord replay, DifferenceRecord? differences) => Interlocked.Increment(ref _kept);

        public void Watch(EngineSecond second, GeneratorSample generator)
        {
            if (Fault is { } fault)
                throw fault;
        }

        public void UsedUp(string data) => Interlocked.Increment(ref _told);

        public void Save(ReadOnlyMemory<byte> state)
        {
        }

        public void Tell(TimelineEvent what) => Interlocked.Increment(ref _told);
    }
}
