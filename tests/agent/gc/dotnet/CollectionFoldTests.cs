namespace Pressure.Agent.Tests;

public sealed class CollectionFoldTests
{
    private readonly List<Collection> _heard = [];
    private readonly CollectionFold _fold;

    public CollectionFoldTests() => _fold = new CollectionFold(_heard.Add);

    [Fact]
    public void A_blocking_collection_pauses_from_the_stop_that_it_asks_for_to_its_end()
    {
        Take(Stop(100), Start(110, 1), History(120), Done(140, 1), Sizes(141), Go(150));

        Assert.Equal(["1: from 100 to 140, paused 40"], Heard);
        Assert.Equal(40, _fold.Paused);
        Assert.Equal((1 + 2 + 3 + 4 + 5, 50L), (_heard[0].Before!.Sum(), _heard[0].Sizes!.Sum()));
    }

    [Fact]
    public void A_background_collection_pauses_for_each_of_its_stops()
    {
        Take(Stop(100), Start(110, 1, background: true), Go(120), Stop(200, forBackground: true), Go(207), Done(300, 1), Sizes(300));

        Assert.Equal(["1: from 100 to 300, paused 27"], Heard);
    }

    [Fact]
    public void A_background_collection_that_finds_little_to_do_pauses_until_it_ends()
    {
        Take(Stop(100), Start(110, 1, background: true), Done(130, 1), Sizes(131), Go(140));

        Assert.Equal(["1: from 100 to 130, paused 30"], Heard);
        Assert.Equal(30, _fold.Paused);
    }

    [Fact]
    public void A_younger_collection_at_a_background_ones_begin_has_its_own_part_of_the_stop()
    {
        Take(Stop(100), Start(110, 1, background: true), Start(115, 2), Done(140, 2), Sizes(141), Go(150), Done(300, 1), Sizes(300));

        Assert.Equal(["2: from 115 to 140, paused 25", "1: from 100 to 300, paused 25"], Heard);
        Assert.Equal(50, _fold.Paused);
    }

    [Fact]
    public void Younger_collections_while_a_background_one_goes_on_have_their_own_stops()
    {
        Take(Stop(100), Start(110, 1, background: true), Go(120), Stop(150), Start(151, 2), Done(160, 2), Sizes(160), Go(161), Done(300, 1), Sizes(300));

        Assert.Equal(["2: from 150 to 160, paused 10", "1: from 100 to 300, paused 20"], Heard);
    }

    [Fact]
    public void Stops_for_other_reasons_are_no_pauses()
    {
        Take(new GcStep.Suspending(100, ForGc: false, ForBackground: false), Go(900));

        Assert.Empty(_heard);
        Assert.Equal((0, null), (_fold.Paused, _fold.PausedSince));
    }

    [Fact]
    public void A_stop_that_goes_on_is_known_while_it_lasts()
    {
        Take(Stop(100), Start(110, 1));
        Assert.Equal(100, _fold.PausedSince);

        Take(Done(140, 1), Sizes(140));
        Assert.Null(_fold.PausedSince);
    }

    [Fact]
    public void What_began_before_anybody_listened_is_left_out()
    {
        Take(Done(90, 6), Sizes(91), Go(95), Stop(100), Start(110, 7), Done(140, 7), Sizes(140), Go(141));

        Assert.Equal(["7: from 100 to 140, paused 40"], Heard);
        Assert.Equal(0, _fold.Missed);
    }

    [Fact]
    public void Collections_whose_events_were_lost_are_counted()
    {
        Take(Stop(100), Start(110, 1), Done(140, 1), Sizes(140), Go(141)); // whole
        Take(Stop(200), Start(210, 2));                                    // its end is lost
        Take(Stop(300), Start(310, 5), Done(340, 5), Sizes(340), Go(341)); // 3 and 4 are lost

        Assert.Equal(["1: from 100 to 140, paused 40", "5: from 300 to 340, paused 40"], Heard);
        Assert.Equal(3, _fold.Missed);
    }

    [Fact]
    public void The_last_collection_of_a_process_that_ends_is_heard_without_its_sizes()
    {
        Take(Stop(100), Start(110, 1), History(120), Done(140, 1));
        Assert.Empty(_heard);

        _fold.Finish();

        Assert.Equal(["1: from 100 to 140, paused 40"], Heard);
        Assert.Null(_heard[0].Sizes);
    }

    [Fact]
    public void The_heaps_of_a_server_add_up()
    {
        Take(Stop(100), Start(110, 1), History(120), History(121), Done(140, 1), Sizes(140));

        Assert.Equal(2 * (1 + 2 + 3 + 4 + 5), _heard[0].Before!.Sum());
    }

    private IEnumerable<string> Heard => _heard.Select(c => $"{c.Number}: from {c.Begin} to {c.End}, paused {c.Paused}");

    private static GcStep.Suspending Stop(long at, bool forBackground = false) => new(at, true, forBackground);

    private static GcStep.Restarting Go(long at) => new(at);

    private static GcStep.Started Start(long at, long number, bool background = false) => new(at, number, background ? 2 : 0, 0, background);

    private static GcStep.HeapHistory History(long at) => new(at, [1, 2, 3, 4, 5], [1, 1, 1, 1, 1]);

    private static GcStep.Done Done(long at, long number) => new(at, number);

    private static GcStep.HeapSizes Sizes(long at) => new(at, [10, 10, 10, 10, 10]);

    private void Take(params GcStep[] steps)
    {
        foreach (var step in steps)
            _fold.Take(step);
    }
}
