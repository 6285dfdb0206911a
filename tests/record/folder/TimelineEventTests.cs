using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pressure.Record.Tests;

public sealed class TimelineEventTests
{
    [Fact]
    public void Every_kind_is_written_under_its_own_name()
    {
        var kinds = typeof(TimelineEvent).GetNestedTypes().Where(t => t.IsSubclassOf(typeof(TimelineEvent))).ToList();
        var named = typeof(TimelineEvent).GetCustomAttributes(typeof(JsonDerivedTypeAttribute), false).Cast<JsonDerivedTypeAttribute>()
            .ToDictionary(a => a.DerivedType, a => (string)a.TypeDiscriminator!);

        Assert.NotEmpty(kinds);
        foreach (var kind in kinds)
        {
            Assert.True(named.TryGetValue(kind, out var name), $"{kind.Name} has no [JsonDerivedType] on {nameof(TimelineEvent)}");
            Assert.Equal(kind.Name, name, ignoreCase: true);
            Assert.True(kind.IsSealed);
        }
        Assert.Equal(named.Count, named.Values.Distinct().Count());
    }

    [Fact]
    public void An_event_is_stored_without_what_follows_from_it() =>
        Assert.Equal(
            """{"kind":"stageStarted","stage":0,"fromRate":1,"toRate":2.5,"at":"00:00:01"}""",
            JsonSerializer.Serialize(new TimelineEvent.StageStarted(TimeSpan.FromSeconds(1), 0, 1, 2.5), RecordJson.Events));

    [Fact]
    public void Errors_are_named_as_everywhere_else() => Assert.Equal(
        "All requests fail: connectRefused", new TimelineEvent.TargetFailing(TimeSpan.Zero, RequestError.ConnectRefused, 0).Detail);

    [Fact]
    public void Every_kind_says_something_to_people() =>
        Assert.All(Sample.EventOfEveryKind(), e => Assert.NotEmpty(e.Detail));
}
