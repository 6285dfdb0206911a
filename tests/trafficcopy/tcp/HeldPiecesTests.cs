namespace Pressure.TrafficCopy.Tests;

public class HeldPiecesTests
{
    /// <summary>Against an array with a place for every byte.</summary>
    [Fact]
    public void The_first_byte_for_a_position_stays() => ReassemblyPropertyTests.ForAll(seed =>
    {
        const int Lost = -2;
        var (random, held) = (new Random(seed), new HeldPieces());
        var model = Enumerable.Repeat(-1, 600).ToArray();
        var (tally, expected) = (new PayloadTally(), new PayloadTally());
        for (var i = random.Next(1, 200); i > 0; i--)
        {
            var start = random.Next(500);
            var bytes = new byte[random.Next(1, random.Next(2) == 0 ? 4 : 100)];
            random.NextBytes(bytes);
            var isLost = random.Next(10) == 0;
            for (var at = 0; at < bytes.Length; at++)
            {
                var known = model[start + at];
                if (isLost)
                    model[start + at] = known == -1 ? Lost : known;
                else if (known == -1)
                    (model[start + at], expected.New) = (bytes[at], expected.New + 1);
                else if (known == Lost)
                    expected.Late++;
                else if (known == bytes[at])
                    expected.Known++;
                else
                    expected.Conflicting++;
            }
            if (isLost)
                held.AddLost(new HeldPiece { Start = start, Length = bytes.Length });
            else
                held.Add(new HeldPiece { Start = start }, bytes, ref tally);
        }

        Assert.Equal(expected, tally);
        Assert.Equal(model.Index().Where(m => m.Item != -1), Emptied(held));
        Assert.Equal((0, 0), (held.Count, held.Cost));
    });

    private static List<(int, int)> Emptied(HeldPieces held)
    {
        var places = new List<(int, int)>();
        while (held.Count > 0)
        {
            ref readonly var first = ref held.First;
            for (var i = 0; i < first.Length; i++)
                places.Add(((int)first.Start + i, first.Bytes is null ? -2 : first.Bytes[i]));
            held.RemoveFirst();
        }
        return places;
    }
}
