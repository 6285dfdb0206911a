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
        // Until it listens: a collection comes through.
        RuntimeSays before;
        do
            before = await target.DoAsync("collect 1 0");
        while (_log.All.IsEmpty && !listener.Ended.IsCompleted);
        await listener.HeardAsync(_log, before.Collections[0]);
        var heardBefore = _log.Collections;

        foreach (var command in (string[])["collect 30 2", "background", "collect 300 1", "churn 400", "background", "large 200"])
            await target.DoAsync(command);
        var after = await target.DoAsync("collect 1 2");
        await listener.HeardAsync(_log, after.Collections[0]);

        var heard = _log.Collections.Skip(heardBefore.Count).ToList();
        Assert.Empty(_log.Told);
        Assert.Equal(Numbers(before.Collections[0] + 1, after.Collections[0]), heard.Select(c => c.Number));
        Assert.Equal(after.Collections[1] - before.Collections[1], heard.Count(c => c.Kind is not GcKind.Gen0));
        Assert.Equal(after.Collections[2] - before.Collections[2], heard.Count(c => c.Kind is GcKind.Gen2 or GcKind.Gen2Background));
        Assert.Equal(concurrent == "1", heard.Any(c => c.Kind is GcKind.Gen2Background));
        var (ours, runtimes) = (heard.Sum(c => c.Pause.TotalMilliseconds), (after.Paused - before.Paused).TotalMilliseconds);
        Assert.InRange(ours / runtimes, 0.98, 1.02);
    }

    private static IEnumerable<long?> Numbers(long from, long to)
    {
        for (var number = from; number <= to; number++)
            yield return number;
    }
}
