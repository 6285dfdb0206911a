using System.Text.Json;

namespace Pressure.TrafficCopy.Tests;

/// <summary>What several have found in parts of the answers adds up to what one would have found in all of them, noise included.</summary>
public class DifferenceAccountTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Parts_add_up_to_the_whole_however_they_are_grouped(int seed)
    {
        var random = new Random(seed);
        var (whole, parts) = (Book(), new[] { Book(), Book(), Book() });
        for (var i = 0; i < 400; i++)
        {
            var (endpoint, found, noise) = ($"GET /{random.Next(3)}", Found(random, 4), Found(random, 2));
            foreach (var book in (DifferenceBook[])[whole, parts[random.Next(3)]])
                book.Add(endpoint, "/", found, noise);
        }
        whole.NotCompared("behind", 3);
        parts[1].NotCompared("behind", 3);
        var together = Book();
        together.Add(Sent(parts[2]));
        var two = Book();
        two.Add(Sent(parts[0]));
        two.Add(Sent(parts[1]));
        together.Add(Sent(two));
        Assert.Null(together.Account().WhyUnsound(403));
        Assert.Equal(Text(whole), Text(together));
    }

    [Fact]
    public void It_fits_into_a_message_whatever_answers_brought()
    {
        var (book, random, text) = (Book(), new Random(1), new string('\u6F22', 500));
        for (var i = 0; i < 6_000; i++)
        {
            var found = new AnswerDifferences();
            for (var field = 0; field < 100; field += 1 + random.Next(3))
                found.Add($"$.{field}{text}"[..200], DifferenceKind.Changed, i + text, i + text);
            book.Add($"GET /{i % 20}", i + text, found);
        }
        var told = book.Account();
        Assert.Null(told.WhyUnsound(6_000));
        Assert.InRange(JsonSerializer.SerializeToUtf8Bytes(told, JsonSerializerOptions.Web).Length, 1 << 20, 12 << 20);
        var other = Book();
        other.Add(told);
        Assert.Equal((6_000, book.Snapshot().Same), (other.Snapshot().Compared, other.Snapshot().Same));
    }

    [Fact]
    public void What_can_not_be_is_refused()
    {
        var book = Book();
        book.Add("GET /", "/", Found(new Random(1), 1), Found(new Random(1), 1));
        var (told, endpoint) = (book.Account(), book.Account().Endpoints[0]);
        Assert.Null(told.WhyUnsound(1));
        DifferenceAccount[] wrong =
        [
            told with { NotCompared = new Dictionary<string, long> { ["behind"] = 1 } },
            told with { NotCompared = new Dictionary<string, long> { ["behind"] = -1 } },
            told with { NotCompared = new Dictionary<string, long> { [new string('x', 9_000)] = 0 } },
            told with { Endpoints = [.. Enumerable.Repeat(endpoint with { Answers = 0 }, 2_000)] },
            told with { Endpoints = [endpoint with { Answers = long.MaxValue }] },
            told with { Endpoints = [null!] },
            told with { Endpoints = [endpoint with { Fields = [null!] }] },
            told with { Endpoints = [endpoint with { Sets = [null!] }] },
            told with { Endpoints = [endpoint with { OtherSets = 2 }] },
            told with { Endpoints = [endpoint with { Sets = [new([99], 1)] }] },
            told with { Endpoints = [endpoint with { Sets = [new([-2], 1)] }] },
            told with { Endpoints = [endpoint with { Fields = [new("status", (DifferenceKind)77, 1, 0, 0, [])] }] },
            told with { Endpoints = [endpoint with { Fields = [new("status", DifferenceKind.Changed, 2, 0, 0, [])] }] },
            told with { PartsLeftOut = new Dictionary<LeftOut, long> { [(LeftOut)1024] = 1 } },
            told with { Unkept = -1 },
        ];
        Assert.All(wrong, w => Assert.NotNull(w.WhyUnsound(1)));
    }

    private static DifferenceBook Book() => new(ComparedWith.PrimaryAndSecondary);

    // As it comes over the bus.
    private static DifferenceAccount Sent(DifferenceBook book) => JsonSerializer.Deserialize<DifferenceAccount>(JsonSerializer.Serialize(book.Account(), JsonSerializerOptions.Web), JsonSerializerOptions.Web)!;

    private static string Text(DifferenceBook book)
    {
        var record = book.Snapshot();
        return JsonSerializer.Serialize(record with { Fields = [.. record.Fields.Select(f => f with { Samples = [] })] });
    }

    private static AnswerDifferences Found(Random random, int fields)
    {
        var found = new AnswerDifferences();
        for (var i = 0; i < fields; i++)
        {
            if (random.Next(3) == 0 || fields == 1)
                found.Add($"$.{random.Next(5)}", DifferenceKind.Changed, "a", "b");
        }
        return found;
    }
}
