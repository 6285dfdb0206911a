using Pressure.LoadGen;
using Pressure.TestKit;

namespace Pressure.Cluster.Tests;

/// <summary>A worker that was ready and leaves before the start says so once.</summary>
public sealed class EarlyGoodbyeTests
{
    private static readonly ShareEnded Goodbye = new("a", 0, 0) { Seconds = 0, Until = TimeSpan.Zero, Failure = "it was told to stop" };

    private readonly CrewDesk _desk = new(new FakeTime());

    [Fact]
    public void It_is_replaced_though_its_card_still_counts()
    {
        var seats = SeatsOfA();
        Show("b");
        _desk.Take(new ShareReady("a", 0, 0));
        Assert.Empty(seats.Look());
        Assert.Empty(seats.Waiting);

        _desk.Take(Goodbye);
        Assert.Equal([0], seats.Look());
        Assert.Equal("b", Assert.Single(seats.Members).Name);
        Assert.Equal(["Worker b makes the share of worker a: it was told to stop"], seats.Notices);
    }

    [Fact]
    public void It_is_a_problem_where_nobody_can_replace_it()
    {
        var seats = SeatsOfA();
        _desk.Take(new ShareReady("a", 0, 0));
        seats.Look();
        _desk.Take(Goodbye);
        Assert.Empty(seats.Look());
        Assert.Equal(["it was told to stop"], Assert.Single(seats.Members).Ready!.Problems);
    }

    [Fact]
    public void The_run_hears_of_it_once_when_it_comes_between_the_last_look_and_the_start()
    {
        SeatsOfA();
        _desk.Take(new ShareReady("a", 0, 0));
        _desk.Take(Goodbye);
        var run = new Run();
        _desk.HandOnTo(run);
        Assert.Equal([Goodbye], run.Ended);

        _desk.Take(Goodbye with { Share = 1 });
        Assert.Equal([0, 1], run.Ended.Select(e => e.Share));
    }

    [Fact]
    public void Of_workers_that_have_nothing_to_do_with_the_run_nothing_is_kept()
    {
        SeatsOfA();
        _desk.Take(Goodbye with { Worker = "stranger" });
        _desk.Take(Goodbye with { Epoch = 3 });
        var run = new Run();
        _desk.HandOnTo(run);
        Assert.Empty(run.Ended);
    }

    private CrewSeats SeatsOfA()
    {
        var a = Show("a");
        _desk.Know(["a"]);
        return new(new WorkersWish { Count = 1 }, new CrewChoice([a], [1], []), _desk);
    }

    private WorkerCard Show(string name)
    {
        var card = new WorkerCard { Name = name, Instance = Guid.NewGuid(), Version = ScriptedWorker.OwnVersion };
        _desk.Take(card);
        return card;
    }

    private sealed class Run : ICrewReader
    {
        public List<ShareEnded> Ended { get; } = [];

        public bool Knows(string worker) => true;

        public void Take(WorkerCard card)
        {
        }

        public void Take(Beat beat)
        {
        }

        public void Take(ShareReady ready)
        {
        }

        public void Take(ShareSecond second, ReadOnlySpan<byte> interval)
        {
        }

        public void Take(ShareReplay replay)
        {
        }

        public void Take(ShareEnded ended) => Ended.Add(ended);
    }
}
