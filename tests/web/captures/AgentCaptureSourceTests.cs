using System.Net;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Pressure.Agent;
using Pressure.TestKit;
using Pressure.TrafficCopy;
using Pressure.Web.Captures;

namespace Pressure.Web.Tests.Captures;

/// <summary>The service's end of a capture on an agent's host: whatever the way does nothing is lost or doubled, and whatever the agent says does no harm.</summary>
public sealed class AgentCaptureSourceTests
{
    private static readonly CaptureAsk Ask = new() { Lease = 1 };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task What_is_lost_on_the_way_is_fetched_again_and_comes_once()
    {
        var stream = new ExchangeStreamWriter(1 << 20);
        for (var i = 0; i < 500; i++)
            stream.Take(Get(i));
        stream.Complete();
        var calls = 0;
        var taken = new Taken();
        var source = await StartAsync((command, body) =>
        {
            if (command == "capture.close")
                return (new CaptureTold(), null);
            var from = body!.Value.Deserialize(CaptureCommandJson.Default.CaptureFetch)!.From;
            // Fetched, and forgotten of what lies before, but the answer is lost.
            var bytes = stream.Fetch(from, 10_000)!;
            if (++calls % 5 == 4)
                return (null, "the link is cut");
            var over = stream.IsOver(from + bytes.Length);
            return (new CaptureTold { Capture = "c", Now = 1, Bytes = bytes, Ended = true, Over = over }, null);
        });
        var ending = await source.RunAsync(taken, Stop);
        Assert.True(ending.IsWhole);
        Assert.Equal(Enumerable.Range(0, 500), taken.Orders);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_agent_that_is_away_for_longer_than_it_keeps_anything_is_given_up()
    {
        var ending = await (await StartAsync((_, _) => (null, "it has gone"))).RunAsync(new Taken(), Stop);
        Assert.False(ending.IsWhole);
        Assert.Contains("it has gone", ending.Why, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_agent_that_has_forgotten_it_is_given_up_at_once()
    {
        var ending = await (await StartAsync((_, _) => (new CaptureTold { Why = "started anew" }, null))).RunAsync(new Taken(), Stop);
        Assert.Equal((false, "started anew"), (ending.IsWhole, ending.Why));
    }

    [Fact]
    public void Whatever_an_agent_answers_ends_in_a_sentence_and_never_in_more_than_it_sent()
    {
        var texts = Gen.Elements("", "null", "[]", "7", "{}", "{\"capture\":\"c\",\"bytes\":\"////\"}", "{\"capture\":\"c\",\"bytes\":7}", "{\"capture\":7}", "{\"capture\":\"c\",\"over\":true,\"ended\":true,\"account\":{}}",
            "{\"capture\":\"c\",\"ended\":true,\"bytes\":\"f////wAAAAA=\"}", "{\"capture\":\"c\",\"over\":true,\"ended\":true,\"now\":-9223372036854775808}");
        var bytes = Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf().Select(b => JsonSerializer.Serialize(new { capture = "c", ended = true, now = long.MaxValue, bytes = b }));
        Prop.ForAll(Gen.OneOf(texts, bytes).NonEmptyListOf().Select(a => a.ToList()).ToArbitrary(), answers =>
        {
            var number = 0;
            AskAgent send = (_, command, _, _) => Task.FromResult(Answer(command, answers[number++ % answers.Count]));
            var (source, _) = AgentCaptureSource.StartAsync("a", Ask, send, new Hasty(), Stop).GetAwaiter().GetResult();
            var ending = source!.RunAsync(new Taken(), Stop).GetAwaiter().GetResult();
            Assert.True(ending.IsWhole || ending.Why is { Length: > 0 });
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

        static (JsonElement?, string?) Answer(string command, string text) =>
            command == "capture.start" ? (JsonDocument.Parse("{\"capture\":\"c\"}").RootElement, null) : (text.Length == 0 ? null : JsonDocument.Parse(text).RootElement, null);
    }

    private static async Task<AgentCaptureSource> StartAsync(Func<string, JsonElement?, (CaptureTold? Told, string? Error)> answer)
    {
        AskAgent send = (_, command, body, _) =>
        {
            var (told, error) = command == "capture.start" ? (new CaptureTold { Capture = "c" }, null) : answer(command, body);
            return Task.FromResult<(JsonElement?, string?)>((told is null ? null : JsonSerializer.SerializeToElement(told, CaptureCommandJson.Default.CaptureTold), error));
        };
        var (source, problem) = await AgentCaptureSource.StartAsync("web1", Ask, send, new Hasty(), Stop);
        return source ?? throw new InvalidOperationException(problem);
    }

    private static CapturedExchange Get(int number) => new()
    {
        Connection = 1,
        Order = number,
        At = 1_767_225_600_000_000_000 + number,
        RequestEnd = 1_767_225_600_000_000_000 + number,
        Client = new(IPAddress.Loopback, 40_000),
        Server = new(IPAddress.Loopback, 80),
        Request = new(Encoding.ASCII.GetBytes("GET /health HTTP/1.1\r\nHost: x\r\n"), default, 0),
    };

    /// <summary>A clock on which every wait is over at once, and a second passes with it.</summary>
    private sealed class Hasty : TimeProvider
    {
        private readonly FakeTime _time = new();

        public override long TimestampFrequency => _time.TimestampFrequency;

        public override long GetTimestamp() => _time.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => _time.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _time.Advance(dueTime);
            return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    private sealed class Taken : IExchangeSink
    {
        public List<int> Orders { get; } = [];

        public void Take(CapturedExchange exchange) => Orders.Add(exchange.Order);

        public void EndConnection(long connection, long at)
        {
        }
    }
}
