using System.Text.Json;

namespace Pressure.Web.Tests.State;

/// <summary>Schedules that several nodes watch.</summary>
[Collection(PostgresCollection.Name)]
public sealed class SharedScheduleTests(PostgresFixture postgres) : NodesTests(postgres)
{
    private const string Experiment = """
        title: Nothing is struck
        description: Asks this node whether it answers.
        steady-state-hypothesis:
          title: It answers
          probes:
            - type: probe
              name: answers
              tolerance: 200
              provider: { type: http, url: "URL/healthz" }
        method: []
        """;

    [Fact]
    public async Task Twenty_schedules_that_two_nodes_watch_begin_once_each()
    {
        var shift = ShiftedTime.ToMinuteIn(TimeSpan.FromSeconds(30));
        var one = await StartAsync("one", new ShiftedTime(shift));
        // Its clock is half a second off, as clocks are.
        var two = await StartAsync("two", new ShiftedTime(shift + TimeSpan.FromMilliseconds(500)));
        await KeepAsync(one, "experiments/answers", Experiment.Replace("URL", one.Url, StringComparison.Ordinal), "application/yaml");
        await UntilAsync(async () => (await GetAsync(two, "/api/chaos/experiments/answers")).IsSuccessStatusCode);
        for (var i = 0; i < 20; i++)
            await KeepAsync(i % 2 == 0 ? one : two, $"schedules/s{i}", """{"experiment": "answers", "everyMinutes": 1, "probesOnly": true}""", "application/json");
        await UntilAsync(async () => (await JsonAsync(two, "/api/chaos/schedules")).GetArrayLength() == 20 && (await JsonAsync(one, "/api/chaos/schedules")).GetArrayLength() == 20);

        await UntilAsync(async () => (await JsonAsync(one, "/api/chaos/schedules")).EnumerateArray().All(s => s.GetProperty("notes").GetArrayLength() > 0));

        foreach (var node in new[] { one, two })
        {
            await UntilAsync(async () => (await JsonAsync(node, "/api/chaos/schedules")).EnumerateArray().All(s => s.GetProperty("notes").GetArrayLength() > 0));
            Assert.All((await JsonAsync(node, "/api/chaos/schedules")).EnumerateArray(), schedule =>
            {
                var notes = schedule.GetProperty("notes").EnumerateArray().ToList();
                Assert.Equal(notes.Count, notes.DistinctBy(n => n.GetProperty("at").GetDateTimeOffset()).Count());
                Assert.All(notes, n => Assert.Equal("held", n.GetProperty("what").GetString()));
            });
        }
        // A note says that it began once; the claims say who began it, and that both took their part is no part of the promise.
        Assert.NotEqual(JsonValueKind.Undefined, (await JsonAsync(one, "/api/nodes")).ValueKind);
    }
}
