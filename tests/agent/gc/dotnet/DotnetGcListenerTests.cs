namespace Pressure.Agent.Tests;

public sealed class DotnetGcListenerTests
{
    private readonly GcLog _log = new();

    [Theory]
    [InlineData("0", "1")]
    [InlineData("0", "0")]
    [InlineData("1", "1")]
    public async Task Every_collection_is_heard_and_its_pauses_add_up_to_the_runtimes_own(string server, string concurrent)
    {
        await using var target = await CollectorProcess.StartAsync(("DOTNET_gcServer", server), ("DOTNET_gcConcurrent", concurrent));
        await target.DoAsync("keep 60");
        await using var listener = new DotnetGcListener(target.Watched, _log);
        var before = await ListenedAsync(target, listener);

        // On a busy machine a thread may lose its core between the runtime's own look at the clock and its event, so that a pause seems longer
        // or shorter to us than to it: a calm round is waited for. Nothing else is forgiven.
        var calm = false;
        for (var round = 0; round < 20 && !calm; round++)
        {
            var heardBefore = _log.All.Count;
            foreach (var command in (string[])["collect 20 2", "background", "collect 100 1", "churn 200", "background", "large 100"])
                await target.DoAsync(command);
            var after = await target.DoAsync("collect 1 2");
            await listener.HeardAsync(_log, after.Collections[0]);

            var heard = _log.All.Skip(heardBefore).Select(a => a.What).OrderBy(c => c.Number).ToList();
            Assert.Empty(_log.Told);
            Assert.Equal(Numbers(before.Collections[0] + 1, after.Collections[0]), heard.Select(c => c.Number));
            Assert.Equal(after.Collections[1] - before.Collections[1], heard.Count(c => c.Kind is not GcKind.Gen0));
            Assert.Equal(after.Collections[2] - before.Collections[2], heard.Count(c => c.Kind is GcKind.Gen2 or GcKind.Gen2Background));
            Assert.Equal(concurrent == "1", heard.Any(c => c.Kind is GcKind.Gen2Background));
            var ratio = heard.Sum(c => c.Pause.TotalMilliseconds) / (after.Paused - before.Paused).TotalMilliseconds;
            calm = ratio is >= 0.98 and <= 1.02;
            before = after;
        }
        Assert.True(calm, "no round of twenty had our sum of pauses within 2 % of the runtime's");
    }

    [Fact]
    public async Task A_process_in_a_container_is_heard_like_any_other()
    {
        await using var target = await CollectorProcess.StartInContainerAsync();
        await using var listener = new DotnetGcListener(target.Watched, _log);

        await ListenedAsync(target, listener);

        Assert.NotEmpty(_log.All);
        Assert.Equal(1, target.NamespacePid);
        Assert.All(_log.Collections, c => Assert.Equal(target.Pid, c.Pid));
    }

    [Fact]
    public async Task A_process_that_leaves_in_order_is_heard_to_its_end()
    {
        await using var target = await CollectorProcess.StartAsync();
        await using var listener = new DotnetGcListener(target.Watched, _log);
        await ListenedAsync(target, listener);

        var last = await target.DoAsync("exit"); // collects twenty times just before
        await target.ExitAsync();
        await listener.Ended.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Equal(last.Collections[0], _log.Collections[^1].Number);
        Assert.Equal(Numbers(_log.Collections[0].Number!.Value, last.Collections[0]), _log.Collections.Select(c => c.Number));
    }

    [Fact]
    public async Task A_process_that_is_killed_ends_the_listening()
    {
        await using var target = await CollectorProcess.StartAsync();
        await using var listener = new DotnetGcListener(target.Watched, _log);
        var before = await ListenedAsync(target, listener);

        await target.KillAsync();
        await listener.Ended.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Contains(_log.Collections, c => c.Number == before.Collections[0]);
        Assert.Empty(_log.Told);
    }

    [Fact]
    public async Task No_session_stays_behind_in_a_process_that_is_not_listened_to_any_more()
    {
        await using var target = await CollectorProcess.StartAsync();
        var listener = new DotnetGcListener(target.Watched, _log);
        await ListenedAsync(target, listener);

        var last = await target.DoAsync("collect 50 0");
        await listener.DisposeAsync();

        Assert.Equal(last.Collections[0], _log.Collections[^1].Number); // what it had not told yet was waited for
        Assert.True(listener.HeardEnd); // which the runtime writes when it has ended the session
        await target.DoAsync("collect 1 0");
    }

    [Fact]
    public async Task A_pause_is_where_it_was_on_the_hosts_clock()
    {
        await using var target = await CollectorProcess.StartAsync();
        await using var listener = new DotnetGcListener(target.Watched, _log);
        await ListenedAsync(target, listener);

        var from = TimeProvider.System.GetUtcNow();
        var last = await target.DoAsync("collect 1 1");
        var to = TimeProvider.System.GetUtcNow();
        await listener.HeardAsync(_log, last.Collections[0]);

        var (at, what) = _log.All.Last();
        // This process's wall clock and its monotonic one are read one after the other.
        var slack = TimeSpan.FromMilliseconds(1);
        Assert.InRange(at, from - slack, to - what.Duration + slack);
    }

    [Fact]
    public async Task Rates_tell_of_allocations_pauses_and_the_heap()
    {
        await using var target = await CollectorProcess.StartAsync();
        await using var listener = new DotnetGcListener(target.Watched, _log);
        await ListenedAsync(target, listener);
        Assert.Null(listener.Rates());
        await target.DoAsync("churn 300");

        var last = await target.DoAsync("collect 5 2");
        await listener.HeardAsync(_log, last.Collections[0]);

        var rates = listener.Rates()!.Value;
        Assert.InRange(rates.Allocated!.Value, 1_000_000, 1e11);
        Assert.InRange(rates.PauseShare, 0.000_01, 1);
        Assert.Equal(last.Heap, rates.Heap);
    }

    // Listening takes a moment to begin: until collections come through, up to the last.
    private async Task<RuntimeSays> ListenedAsync(CollectorProcess target, DotnetGcListener listener)
    {
        RuntimeSays says;
        do
        {
            says = await target.DoAsync("collect 1 0");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
        while (_log.All.IsEmpty && !listener.Ended.IsCompleted);
        await listener.HeardAsync(_log, says.Collections[0]);
        return says;
    }

    private static IEnumerable<long?> Numbers(long from, long to)
    {
        for (var number = from; number <= to; number++)
            yield return number;
    }
}
