using System.Text.Json;
using Pressure.Record;

namespace Pressure.Web.Tests.State;

/// <summary>What the other node makes of what a killed one had begun.</summary>
public sealed class KilledNodeTests(KilledNodeStory story) : IClassFixture<KilledNodeStory>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_scheduled_run_is_finished_and_its_sums_are_exact()
    {
        var run = await story.GetAsync($"/api/runs/{story.Begun.Run}");
        Assert.Equal("finished", run.GetProperty("state").GetString());
        Assert.True(run.GetProperty("links").TryGetProperty("report.html", out _), run.GetRawText());

        var summary = await story.GetAsync($"/api/runs/{story.Begun.Run}/summary");
        var (requests, notSent) = (summary.GetProperty("requests"), summary.GetProperty("load").GetProperty("notSent").GetInt64());
        var (asked, sent) = (requests.GetProperty("asked").GetInt64(), requests.GetProperty("sent").GetInt64());
        Assert.Equal((KilledNodeStory.Rate * KilledNodeStory.Seconds, asked), (asked, sent + notSent));
        // The workers' own records hold what was made: all of it is in the record that two nodes wrote, and nothing twice.
        var made = Directory.GetDirectories(story.WorkersFolder, "*", SearchOption.AllDirectories).Where(d => RunFolder.Exists(d) && d.Contains(story.Begun.Run, StringComparison.Ordinal)).SelectMany(d => RunFolder.Read(d).Intervals);
        Assert.Equal(made.Sum(i => i.Requests.Sum(r => r.Sent)), sent);
        Assert.Single(Events(story.Begun.Run).OfType<TimelineEvent.CoordinatorReturned>());
    }

    [Fact]
    public async Task Its_schedule_tells_how_it_went_on_and_begins_the_next_moment_once()
    {
        await KilledNodeStory.UntilAsync(async () => await RunsAsync() == 2);
        var first = (await story.NotesAsync("load")).MinBy(n => n.GetProperty("at").GetDateTimeOffset());
        Assert.Equal(("held", story.Begun.Run), (first.GetProperty("what").GetString(), first.GetProperty("run").GetString()));
        Assert.Contains("which had begun it, is gone", first.GetProperty("why").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, await RunsAsync());
    }

    [Fact]
    public async Task A_drill_on_the_dead_node_s_machine_stands_as_aborted_and_its_schedule_goes_on_at_the_other()
    {
        var drill = await story.GetAsync($"/api/chaos/drills/{story.Begun.Here}");
        AssertAborted(drill);
        var off = Assert.Single(Events(story.Begun.Here).OfType<TimelineEvent.FaultOff>());
        Assert.Equal(("lost controller", true), (off.By, off.Note?.Contains("could not be asked", StringComparison.Ordinal)));
        // On a slow machine moments may have passed since, which the drill of the other node kept.
        var note = (await story.NotesAsync("here")).MinBy(n => n.GetProperty("at").GetDateTimeOffset());
        Assert.Equal(("stopped", story.Begun.Here), (note.GetProperty("what").GetString(), note.GetProperty("drill").GetString()));

        // Nothing is in the way of the next: neither the guards, who allow two at once, nor the drill before.
        Assert.True(story.Here.IsFrozen);
        Assert.Single((await story.GetAsync("/api/chaos/drills")).EnumerateArray(), d => d.GetProperty("state").GetString() == "running");
    }

    [Fact]
    public async Task A_drill_on_an_agent_s_host_is_undone_there_and_its_record_tells_how()
    {
        Assert.False(story.There.IsFrozen);
        AssertAborted(await story.GetAsync($"/api/chaos/drills/{story.Begun.There}"));
        var off = Assert.Single(Events(story.Begun.There).OfType<TimelineEvent.FaultOff>());
        Assert.Equal(("lost controller", (string?)null), (off.By, off.Note));
    }

    [Fact]
    public async Task A_monkey_goes_on_with_the_same_dice()
    {
        await KilledNodeStory.UntilAsync(async () => (await story.GetAsync("/api/chaos/monkeys"))[0].GetProperty("running").GetBoolean());
        Assert.Equal(story.Seeds[0], story.Seeds[1]);
    }

    private async Task<int> RunsAsync() => (await story.GetAsync("/api/runs")).EnumerateArray().Count(r => r.GetProperty("workers").ValueKind == JsonValueKind.Number);

    private IReadOnlyList<TimelineEvent> Events(string id) => [.. RunFolder.ReadEvents(Path.Combine(story.RunsOfTwo, id))];

    private void AssertAborted(JsonElement drill)
    {
        Assert.Equal("aborted", drill.GetProperty("state").GetString());
        var end = drill.GetProperty("end");
        Assert.Equal((99, 0), (end.GetProperty("exitCode").GetInt32(), end.GetProperty("left").GetArrayLength()));
        Assert.Contains("which led it, is gone", end.GetProperty("why").GetString(), StringComparison.Ordinal);
        Assert.Single(Events(drill.GetProperty("id").GetString()!).OfType<TimelineEvent.ExperimentEnded>(), e => e.Status == "aborted");
    }
}
