namespace Pressure.TrafficCopy.Tests;

public class DifferenceBookTests
{
    [Fact]
    public void Differences_are_grouped_by_endpoint_field_and_kind()
    {
        var book = new DifferenceBook(ComparedWith.Captured);
        book.Add("GET /item/{id}", "/item/1", Found(("$.price", DifferenceKind.Changed), ("status", DifferenceKind.Changed)));
        book.Add("GET /item/{id}", "/item/2", Found(("$.price", DifferenceKind.Changed)));
        book.Add("GET /item/{id}", "/item/3", Found(("$.price", DifferenceKind.Type)));
        book.Add("GET /item/{id}", "/item/4", Found());
        book.Add("GET /", "/", Found(("$.price", DifferenceKind.Changed)));
        book.NotCompared("no-answer", 3);
        book.NotCompared("no-answer");

        var record = book.Snapshot();

        Assert.Equal((5, 1, "captured"), (record.Compared, record.Same, record.Against));
        Assert.Equal(4, record.NotCompared["no-answer"]);
        Assert.Equal(
            ["GET /item/{id} $.price changed 2/4", "GET / $.price changed 1/1", "GET /item/{id} $.price type 1/4", "GET /item/{id} status changed 1/4"],
            record.Fields.Select(f => $"{f.Endpoint} {f.Field} {f.Kind} {f.Answers}/{f.Of}"));
        Assert.Equal(["/item/1", "/item/2"], record.Fields[0].Samples.Select(s => s.Request));
        Assert.All(record.Fields, f => Assert.False(f.IsNoise));
    }

    [Fact]
    public void The_same_example_stands_there_once()
    {
        var book = new DifferenceBook(ComparedWith.Captured);
        for (var i = 0; i < 10; i++)
            book.Add("GET /", i < 5 ? "/" : "/?b", Found(("status", DifferenceKind.Changed)));

        Assert.Equal(["/", "/?b"], Assert.Single(book.Snapshot().Fields).Samples.Select(s => s.Request));
    }

    [Fact]
    public void What_is_noise_does_not_make_an_answer_differ()
    {
        var book = new DifferenceBook(ComparedWith.PrimaryAndSecondary);
        for (var i = 0; i < 100; i++)
        {
            var time = ("$.time", DifferenceKind.Changed);
            book.Add("GET /", $"/?{i}", i < 10 ? Found(time, ("$.price", DifferenceKind.Changed)) : Found(time), Found(time));
        }

        var record = book.Snapshot();

        Assert.Equal((100, 90, "primary-secondary"), (record.Compared, record.Same, record.Against));
        Assert.Equal(["$.price 10 0 False", "$.time 100 100 True"], record.Fields.Select(f => $"{f.Field} {f.Answers} {f.Noise} {f.IsNoise}"));
    }

    [Fact]
    public void A_field_that_always_differs_is_told_from_one_that_sometimes_does()
    {
        var book = new DifferenceBook(ComparedWith.PrimaryAndSecondary);
        for (var i = 0; i < 40; i++)
            book.Add("GET /", "/", Found(("$.price", DifferenceKind.Changed)), i % 2 == 0 ? Found(("$.price", DifferenceKind.Changed)) : Found());

        Assert.Equal((0, false), (book.Snapshot().Same, Assert.Single(book.Snapshot().Fields).IsNoise));
    }

    [Fact]
    public void What_only_the_two_that_should_be_the_same_differ_in_is_no_difference()
    {
        var book = new DifferenceBook(ComparedWith.PrimaryAndSecondary);
        book.Add("GET /", "/", Found(), Found(("status", DifferenceKind.Changed)));

        Assert.Equal((1, 0), (book.Snapshot().Same, book.Snapshot().Fields.Count));
    }

    [Fact]
    public void Its_size_has_a_bound_in_every_direction()
    {
        var book = new DifferenceBook(ComparedWith.Captured, new DifferenceLimits { Endpoints = 3, FieldsOfEndpoint = 4, Fields = 10, RecordedFields = 6, Samples = 1 });
        for (var i = 0; i < 50; i++)
            book.Add($"GET /{i}", "/", Found([.. Enumerable.Range(0, 8).Select(f => ($"$.f{f}", DifferenceKind.Changed))]));

        var record = book.Snapshot();

        Assert.Equal((50, 0), (record.Compared, record.Same));
        Assert.Equal(6, record.Fields.Count);
        // Of three endpoints and the rest, eight fields each, ten have a place, and six of them in the record.
        Assert.Equal(4 * 8 - 6, record.MoreFields);
        Assert.Contains("*", book.Snapshot().Fields.Select(f => f.Endpoint).Append("*"));
        Assert.All(record.Fields, f => Assert.Single(f.Samples));
    }

    [Fact]
    public void Sets_of_fields_beyond_the_bound_count_as_differing()
    {
        var book = new DifferenceBook(ComparedWith.Captured);
        var random = new Random(3);
        for (var i = 0; i < 5_000; i++)
            book.Add("GET /", "/", Found([.. Enumerable.Range(0, 20).Where(_ => random.Next(2) == 0).Select(f => ($"$.f{f}", DifferenceKind.Changed)).DefaultIfEmpty(("$.x", DifferenceKind.Changed))]));

        Assert.Equal((5_000, 0), (book.Snapshot().Compared, book.Snapshot().Same));
    }

    [Fact]
    public void What_was_left_out_of_answers_is_counted()
    {
        var book = new DifferenceBook(ComparedWith.Captured);
        book.Add("GET /", "/", new AnswerDifferences { LeftOut = LeftOut.Cut | LeftOut.Depth });
        book.Add("GET /", "/", new AnswerDifferences { LeftOut = LeftOut.Cut });

        Assert.Equal(new Dictionary<string, long> { ["cut"] = 2, ["depth"] = 1 }, book.Snapshot().PartsLeftOut);
    }

    private static AnswerDifferences Found(params (string Field, DifferenceKind Kind)[] fields)
    {
        var found = new AnswerDifferences();
        foreach (var (field, kind) in fields)
            found.Add(field, kind, "a", "b");
        return found;
    }
}
