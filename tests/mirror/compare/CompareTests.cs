using Pressure.TrafficCopy;

namespace Pressure.Mirror.Tests;

public class CompareTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_are_compared_by_endpoint_and_field()
    {
        await using var rig = await MirrorRig.StartAsync(plan => plan with { Compare = ComparisonRules.Read(["header:X-Server"], out _) });
        for (var i = 0; i < 10; i++)
        {
            await rig.Client.GetStringAsync("who?n=" + i, Stop);
            await rig.Client.GetStringAsync("item/" + i, Stop);
            await rig.Client.GetByteArrayAsync("gzip", Stop);
        }
        await rig.Mirror.DisposeAsync();

        var found = rig.Mirror.Differences!;

        Assert.Equal((30L, 20L), (found.Compared, found.Same));
        var field = Assert.Single(found.Fields);
        Assert.Equal(("GET /who", "$.server", 10L, 10L), (field.Endpoint, field.Field, field.Answers, field.Of));
        Assert.Equal(("/who?n=0", "production", "test"), (field.Samples[0].Request, field.Samples[0].Expected?.Trim('"'), field.Samples[0].Actual?.Trim('"')));
        Assert.Empty(found.NotCompared);
    }

    [Fact]
    public async Task What_two_servers_like_production_differ_by_is_noise()
    {
        await using var secondary = await Server.StartAsync("secondary");
        await using var rig = await MirrorRig.StartAsync(plan => plan with { Compare = ComparisonRules.Default, Secondary = new Uri(secondary.Url) });
        for (var i = 0; i < 20; i++)
            await rig.Client.GetStringAsync("who", Stop);
        await rig.Mirror.DisposeAsync();

        var found = rig.Mirror.Differences!;

        Assert.Equal((20, 20), (rig.Target.Count, secondary.Count));
        Assert.Equal((20L, 20L, "primary-secondary"), (found.Compared, found.Same, found.Against));
        Assert.All(found.Fields, f => Assert.True(f.IsNoise));
        Assert.Equal(rig.Target.Asked.Select(a => a.Headers["X-Pressure-Mirror"]).Order(StringComparer.Ordinal), secondary.Asked.Select(a => a.Headers["X-Pressure-Mirror"]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_secondary_that_fails_costs_the_copies_nothing()
    {
        await using var secondary = RawServer.Silent();
        await using var rig = await MirrorRig.StartAsync(plan => plan with { Compare = ComparisonRules.Default, Secondary = secondary.Url, Limits = new CopyLimits { Timeout = TimeSpan.FromMilliseconds(50) } });
        for (var i = 0; i < 15; i++)
            await rig.Client.GetStringAsync("who", Stop);
        await rig.SettledAsync();

        Assert.Equal((15L, 15L), (rig.Status.Copies!.Copied, rig.Mirror.Differences!.NotCompared["no-secondary"]));
        Assert.Equal(("closed", "open"), (rig.Status.Copies.Breaker, rig.Status.Copies.SecondaryBreaker));
    }

    [Fact]
    public async Task Answers_that_did_not_come_are_counted()
    {
        await using var rig = await MirrorRig.StartAsync(plan => plan with { Compare = ComparisonRules.Default });
        await rig.Target.DisposeAsync();
        for (var i = 0; i < 5; i++)
            await rig.Client.GetStringAsync("who", Stop);
        await rig.SettledAsync();

        Assert.Equal(5, rig.Mirror.Differences!.NotCompared["no-answer"]);
    }

    [Fact]
    public async Task Long_answers_are_compared_as_far_as_they_are_kept()
    {
        await using var rig = await MirrorRig.StartAsync(plan => plan with { Compare = ComparisonRules.Read(["header:X-Server"], out _), Limits = new CopyLimits { MaxBody = 1000 } });
        await rig.Client.GetByteArrayAsync("big", Stop);
        await rig.Mirror.DisposeAsync();

        Assert.Equal((1L, 1L, 1L), (rig.Mirror.Differences!.Compared, rig.Mirror.Differences.Same, rig.Mirror.Differences.PartsLeftOut["cut"]));
    }

    [Fact]
    public async Task An_answer_that_there_is_no_memory_for_is_not_compared_and_its_copy_counts()
    {
        // Room for production's answer and the half of another.
        await using var rig = await MirrorRig.StartAsync(plan => plan with { Compare = ComparisonRules.Default, Limits = new CopyLimits { MaxBody = 65_536, QueueBytes = 100_000 } });
        await rig.Client.GetByteArrayAsync("big", Stop);
        await rig.SettledAsync();

        Assert.Equal((1L, 1L), (rig.Status.Copies!.Copied, rig.Mirror.Differences!.NotCompared["no-room"]));
        Assert.Equal(0, rig.Status.Copies.HeldBytes);
    }
}
