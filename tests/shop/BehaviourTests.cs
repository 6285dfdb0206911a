using System.Net;
using System.Net.Http.Json;
using Pressure.TestKit;

namespace Shop.Tests;

public sealed class BehaviourTests : IAsyncLifetime
{
    private readonly FakeTime _time = new();
    private readonly HttpClient _http = new();
    private ShopHost _shop = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _shop = await ShopHost.StartAsync(new ShopOptions { Roles = [ShopRole.Item], Time = _time });
        _http.BaseAddress = _shop.Url(ShopRole.Item);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _shop.DisposeAsync();
    }

    [Fact(Timeout = 30_000)]
    public async Task One_percent_of_a_thousand_requests_fails_exactly_ten_times()
    {
        _shop.Behave(ShopRole.Item, new Behaviour { ErrorRate = 0.01m });

        await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => AskAsync()));

        Assert.Equal(10, Stats.Answered(500));
        Assert.Equal(990, Stats.Answered(200));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_delayed_answer_leaves_when_the_clock_has_passed_the_delay_and_not_before()
    {
        _shop.Behave(ShopRole.Item, new Behaviour { Delay = TimeSpan.FromMilliseconds(5) });
        var answer = AskAsync();
        await UntilAsync(() => Stats.Inside == 1);

        _time.Advance(TimeSpan.FromMilliseconds(4));
        await SettleAsync();
        Assert.False(answer.IsCompleted);

        await PassTimeUntilAsync(() => answer.IsCompleted);
        Assert.Equal(HttpStatusCode.OK, await answer);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_freeze_holds_every_answer_and_then_lets_all_go_at_once()
    {
        _shop.Behave(ShopRole.Item, new Behaviour { Freeze = TimeSpan.FromSeconds(2) });
        var answers = Enumerable.Range(0, 50).Select(_ => AskAsync()).Append(AskAsync("/health")).ToList();
        await UntilAsync(() => Stats.Received == 51);

        _time.Advance(TimeSpan.FromSeconds(1.999));
        await SettleAsync();
        Assert.All(answers, a => Assert.False(a.IsCompleted));

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.All(await Task.WhenAll(answers), s => Assert.Equal(HttpStatusCode.OK, s));
        Assert.Equal(HttpStatusCode.OK, await AskAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_freeze_also_holds_a_request_that_was_under_way_when_it_began()
    {
        _shop.Behave(ShopRole.Item, new Behaviour { Delay = TimeSpan.FromMilliseconds(100) });
        var answer = AskAsync();
        await UntilAsync(() => Stats.Inside == 1);
        _shop.Behave(ShopRole.Item, new Behaviour { Freeze = TimeSpan.FromSeconds(1) });

        _time.Advance(TimeSpan.FromMilliseconds(999));
        await SettleAsync();
        Assert.False(answer.IsCompleted);

        await PassTimeUntilAsync(() => answer.IsCompleted);
        Assert.Equal(HttpStatusCode.OK, await answer);
    }

    [Fact(Timeout = 30_000)]
    public async Task The_control_paths_answer_during_a_freeze_and_can_end_it()
    {
        using var response = await _http.PutAsJsonAsync("/_behaviour", new { freeze = "10m" }, Stop);
        var answer = AskAsync();
        await UntilAsync(() => Stats.Received == 1);

        using var thaw = await _http.PutAsJsonAsync("/_behaviour", new { }, Stop);

        Assert.Equal(HttpStatusCode.OK, await answer);
    }

    [Fact(Timeout = 30_000)]
    public async Task Beyond_its_capacity_a_service_that_queues_serves_everybody_in_turn()
    {
        _shop.Behave(ShopRole.Item, new Behaviour { Capacity = 3, Delay = TimeSpan.FromMilliseconds(10) });
        var answers = Enumerable.Range(0, 9).Select(_ => AskAsync()).ToList();
        await UntilAsync(() => Stats.Received == 9);

        await UntilAsync(() => Stats.Inside == 3);

        await PassTimeUntilAsync(() => answers.TrueForAll(a => a.IsCompletedSuccessfully));

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.Result));
        Assert.Equal(3, Stats.Peak);
    }

    [Fact(Timeout = 30_000)]
    public async Task Beyond_its_capacity_a_service_that_rejects_answers_503_at_once()
    {
        _shop.Behave(ShopRole.Item, new Behaviour { Capacity = 1, WhenFull = WhenFull.Reject, Delay = TimeSpan.FromMilliseconds(20) });
        var first = AskAsync();
        await UntilAsync(() => Stats.Inside == 1);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await AskAsync());
        await PassTimeUntilAsync(() => first.IsCompleted);
        Assert.Equal(HttpStatusCode.OK, await first);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_sender_that_goes_away_while_it_waits_takes_no_place()
    {
        _shop.Behave(ShopRole.Item, new Behaviour { Capacity = 1, Delay = TimeSpan.FromMilliseconds(20) });
        var first = AskAsync();
        await UntilAsync(() => Stats.Inside == 1);
        using (var gone = CancellationTokenSource.CreateLinkedTokenSource(Stop))
        {
            var impatient = _http.GetAsync("/item/1", gone.Token);
            await UntilAsync(() => Stats.Received == 2);
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        }

        _shop.Behave(ShopRole.Item, new Behaviour { Capacity = 1 });
        await PassTimeUntilAsync(() => first.IsCompleted);
        Assert.Equal(HttpStatusCode.OK, await first);
        Assert.Equal(HttpStatusCode.OK, await AskAsync());
        await UntilAsync(() => Stats.Inside == 0);
    }

    [Fact(Timeout = 30_000)]
    public async Task Allocation_is_at_least_what_was_asked_for()
    {
        const int megabyte = 1024 * 1024;
        _shop.Behave(ShopRole.Item, new Behaviour { Allocate = megabyte });
        var before = GC.GetTotalAllocatedBytes();

        for (var i = 0; i < 10; i++)
            await AskAsync();

        Assert.True(GC.GetTotalAllocatedBytes() - before >= 10 * megabyte);
    }

    private ServiceStats Stats => _shop.Stats()[ShopRole.Item];

    private async Task<HttpStatusCode> AskAsync(string path = "/item/1")
    {
        using var response = await _http.GetAsync(path, Stop);
        return response.StatusCode;
    }

    // The turned clock does not move by itself: an answer that comes in this time would be one that came too early.
    private static Task SettleAsync() => Task.Delay(30, Stop);

    // A delay's timer may start a moment after its request is counted, so one turn of the clock could miss it.
    private Task PassTimeUntilAsync(Func<bool> holds) => UntilAsync(() =>
    {
        _time.Advance(TimeSpan.FromMilliseconds(1));
        return holds();
    });

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
            await Task.Delay(1, Stop);
    }
}
