namespace Pressure.Agent.Tests;

public sealed class DotnetRatesTests
{
    private const long Second = 1_000_000_000;
    private readonly DotnetRates _rates = new(Second);

    [Fact]
    public void The_first_call_has_nothing_to_compare_with() => Assert.Null(_rates.Tell(0, 0));

    [Fact]
    public void What_was_allocated_shows_as_the_heaps_growth_between_two_collections()
    {
        _rates.Tell(0, 0);
        Take(1 * Second, before: [900, 0, 0, 0, 0], after: [0, 100, 0, 0, 0]);
        Assert.Null(_rates.Tell(2 * Second, 0)!.Value.Allocated);

        Take(3 * Second, before: [5000, 100, 0, 2000, 10], after: [0, 0, 100, 2000, 10]);

        Assert.Equal((5000 + 2000 + 10) / 2.0, _rates.Tell(4 * Second, 0)!.Value.Allocated);
    }

    [Fact]
    public void Between_collections_nothing_is_known_of_allocations()
    {
        _rates.Tell(0, 0);
        Take(1, before: [900, 0, 0, 0, 0], after: [0, 100, 0, 0, 0]);
        _rates.Tell(Second, 0);

        var told = _rates.Tell(2 * Second, 0);

        Assert.Equal(new GcRates(null, 0, 100), told);
    }

    [Fact]
    public void The_share_of_pauses_is_that_of_the_time_since_the_last_call()
    {
        _rates.Tell(0, 0);

        Assert.Equal(0.25, _rates.Tell(2 * Second, Second / 2)!.Value.PauseShare);
        Assert.Equal(0, _rates.Tell(3 * Second, Second / 2)!.Value.PauseShare);
    }

    [Fact]
    public void A_stop_that_was_reckoned_too_long_is_taken_back()
    {
        _rates.Tell(0, 0);
        // Going on, for all we know; in truth it had just ended, and of what follows the same much is not counted again.
        Assert.Equal(1, _rates.Tell(Second, Second)!.Value.PauseShare);
        Assert.Equal(0, _rates.Tell(2 * Second, Second * 9 / 10)!.Value.PauseShare);
        Assert.Equal(0.4, _rates.Tell(3 * Second, Second * 14 / 10)!.Value.PauseShare, 6);
    }

    [Theory]
    [InlineData("background")]
    [InlineData("server")]
    [InlineData("stacks")]
    public void The_allocations_of_a_recorded_stream_add_up_to_what_its_runtime_said(string name)
    {
        var stream = RecordedStream.All.Single(s => s.Name == name);
        var collections = RecordedStream.Read(stream.Bytes).Collections;
        _rates.Tell(0, 0);
        foreach (var collection in collections)
            _rates.Take(collection);

        var over = (collections[^1].Begin - collections[0].Begin) / (double)Second;
        var heard = _rates.Tell(collections[^1].End, 0)!.Value.Allocated!.Value * over;

        // What was allocated before the first collection is not heard.
        Assert.InRange(heard / (stream.Says.Allocated - collections[0].Before!.Sum()), 0.9, 1.01);
    }

    private void Take(long at, long[] before, long[] after)
    {
        var collection = new Collection(new GcStep.Started(at, 1, 0, 0, false), at) { Sizes = after };
        collection.Add(new GcStep.HeapHistory(at, before, after));
        _rates.Take(collection);
    }
}
