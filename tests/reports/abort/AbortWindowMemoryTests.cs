using Pressure.Record;

namespace Pressure.Reports.Tests;

/// <summary>Nothing else may run meanwhile: memory is that of the whole process.</summary>
[CollectionDefinition(nameof(AbortWindowMemoryTests), DisableParallelization = true)]
[Collection(nameof(AbortWindowMemoryTests))]
public sealed class AbortWindowMemoryTests
{
    [Fact]
    public void Memory_does_not_grow_with_the_seconds_that_a_window_has_seen()
    {
        Assert.True(Threshold.TryParse("http_req_duration", "p(95) > 10s", out var when, out var error), error);
        var window = new AbortWindow(new(when!, TimeSpan.FromSeconds(60), TimeSpan.Zero), [new("home", "s", "GET", "http://h/", "shop", 1)]);
        var second = new Interval(0, 0, 1);
        second.Requests[0].Asked = second.Requests[0].Sent = second.Requests[0].Ok = 10;
        second.Requests[0].ResponseTime.Record(TimeSpan.FromMilliseconds(5), 10);
        for (var i = 0; i < 200; i++)
            window.Add(second, []);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 5_000; i++)
            window.Add(second, []);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 1_000_000);
        GC.KeepAlive(window);
    }
}
