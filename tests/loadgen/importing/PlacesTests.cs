using FsCheck;
using FsCheck.Fluent;
using Pressure.LoadGen.Importing;

namespace Pressure.LoadGen.Tests.Importing;

public sealed class PlacesTests
{
    [Fact]
    public void Places_go_to_whoever_has_most_weight_per_place() =>
        Assert.Equal([6, 3, 1], Places.Shared([(60, 99), (30, 99), (10, 99)], 10));

    [Fact]
    public void Nobody_gets_more_than_it_can_use() =>
        Assert.Equal([2, 5, 3], Places.Shared([(60, 2), (30, 5), (10, 3)], 100));

    [Fact]
    public void Everyone_gets_a_place_and_no_more_are_given_than_there_are()
    {
        var claims = Gen.Choose(1, 1000).Zip(Gen.Choose(1, 20)).Select(c => ((decimal)c.Item1, c.Item2)).NonEmptyListOf();

        Prop.ForAll(claims.ToArbitrary(), Gen.Choose(0, 50).ToArbitrary(), (list, more) =>
        {
            var given = Places.Shared([.. list], list.Count + more);
            return given.All(g => g >= 1) && given.Sum() == Math.Min(list.Count + more, list.Sum(c => c.Item2));
        }).QuickCheckThrowOnFailure();
    }
}
