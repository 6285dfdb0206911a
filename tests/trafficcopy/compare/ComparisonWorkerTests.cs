namespace Pressure.TrafficCopy.Tests;

public class ComparisonWorkerTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    private readonly AnswerComparison _comparison = new(ComparisonRules.Default);

    [Fact]
    public void Answers_are_compared_and_what_they_lay_in_may_be_used_again()
    {
        var book = new DifferenceBook(ComparedWith.Captured);
        using var worker = new ComparisonWorker(_comparison, book);
        var (expected, actual) = (AnswerText.Json("""{"a":1}"""), AnswerText.Json("""{"a":2}"""));
        var body = actual.Body.ToArray();

        Assert.True(worker.Offer("GET /", "/?q=1"u8, AnswerBytes.Of(expected), new AnswerBytes(actual.Head.Span, body, body.Length)));
        body.AsSpan().Clear();
        worker.Finish(Long);

        var field = Assert.Single(book.Snapshot().Fields);
        Assert.Equal(("$.a", "/?q=1", "2"), (field.Field, field.Samples[0].Request, field.Samples[0].Actual));
    }

    [Fact]
    public void With_a_secondary_noise_is_counted()
    {
        var book = new DifferenceBook(ComparedWith.PrimaryAndSecondary);
        using var worker = new ComparisonWorker(_comparison, book);
        for (var i = 0; i < 30; i++)
        {
            var (primary, secondary, candidate) = (AnswerText.Json($$"""{"t":{{i}},"a":1}"""), AnswerText.Json($$"""{"t":{{i + 1}},"a":1}"""), AnswerText.Json($$"""{"t":{{i + 2}},"a":2}"""));
            worker.Offer("GET /", "/"u8, AnswerBytes.Of(primary), AnswerBytes.Of(secondary), AnswerBytes.Of(candidate));
        }
        worker.Finish(Long);

        Assert.Equal(["$.a 30 0 False", "$.t 30 30 True"], book.Snapshot().Fields.Select(f => $"{f.Field} {f.Answers} {f.Noise} {f.IsNoise}"));
    }

    [Fact]
    public void What_finds_no_room_is_counted_and_nothing_is_lost_from_the_count()
    {
        var book = new DifferenceBook(ComparedWith.Captured);
        using var worker = new ComparisonWorker(_comparison, book, mostBytes: 20_000);
        var answer = AnswerText.Json($$"""{"a":"{{new string('x', 4_000)}}"}""");
        var taken = 0;
        for (var i = 0; i < 2_000; i++)
            taken += worker.Offer("GET /", "/"u8, AnswerBytes.Of(answer), AnswerBytes.Of(answer)) ? 1 : 0;
        worker.Finish(Long);

        var record = book.Snapshot();
        Assert.Equal(taken, record.Compared);
        Assert.Equal(2_000, record.Compared + record.NotCompared.GetValueOrDefault("behind"));
        Assert.False(worker.Offer("GET /", "/"u8, AnswerBytes.Of(AnswerText.Of(new string('x', 30_000))), default));
    }

    [Fact]
    public void Many_threads_may_offer_at_once()
    {
        var book = new DifferenceBook(ComparedWith.Captured);
        using var worker = new ComparisonWorker(_comparison, book);
        var answer = AnswerText.Json("""{"a":1}""");

        Parallel.For(0, 4, _ =>
        {
            for (var i = 0; i < 500; i++)
                worker.Offer("GET /", "/"u8, AnswerBytes.Of(answer), AnswerBytes.Of(answer));
        });
        worker.Finish(Long);

        Assert.Equal((2_000, 2_000), (book.Snapshot().Compared, book.Snapshot().Same));
    }

    [Fact]
    public void What_still_waits_when_nobody_waits_any_more_is_counted()
    {
        var book = new DifferenceBook(ComparedWith.Captured);
        var (expected, actual) = (AnswerText.Json($"[{string.Join(',', Enumerable.Range(0, 30_000))}]"), AnswerText.Json($"[{string.Join(',', Enumerable.Range(1, 30_000))}]"));
        using (var worker = new ComparisonWorker(_comparison, book))
        {
            for (var i = 0; i < 100; i++)
                Assert.True(worker.Offer("GET /", "/"u8, AnswerBytes.Of(expected), AnswerBytes.Of(actual)));
            worker.Finish(TimeSpan.Zero);
        }

        Assert.Equal(100, book.Snapshot().Compared + book.Snapshot().NotCompared["behind"]);
    }

    [Fact]
    public void After_its_end_nothing_is_taken_and_all_is_counted()
    {
        var book = new DifferenceBook(ComparedWith.Captured);
        var worker = new ComparisonWorker(_comparison, book);
        worker.Dispose();

        Assert.False(worker.Offer("GET /", "/"u8, default, default));
        Assert.Equal(1, book.Snapshot().NotCompared["behind"]);
    }
}
