using System.Globalization;
using System.Text.Json.Nodes;

namespace Pressure.Chaos;

/// <summary>Writes limits as <see cref="GuardRulesReader"/> reads them.</summary>
public static class GuardRulesWriter
{
    /// <summary>Writes them, every one of them.</summary>
    public static JsonObject Write(GuardRules rules) => new()
    {
        ["budgets"] = Array(rules.Budgets, b => new JsonObject { ["kinds"] = b.Kinds, ["most"] = b.Most, ["per"] = DurationText.Of(b.Per) }),
        ["coolDown"] = Span(rules.CoolDown),
        ["gap"] = Span(rules.Gap),
        ["gapPerGroup"] = Span(rules.GapPerGroup),
        ["group"] = rules.Group,
        ["blastRadius"] = new JsonObject
        {
            ["most"] = rules.BlastRadius.Most,
            ["mostPerGroup"] = rules.BlastRadius.MostPerGroup,
            ["mostSharePerGroup"] = Share(rules.BlastRadius.MostSharePerGroup),
            ["groups"] = new JsonObject(rules.BlastRadius.Groups.Select(g => KeyValuePair.Create<string, JsonNode?>(g.Key, new JsonObject { ["most"] = g.Value.Most, ["mostShare"] = Share(g.Value.MostShare) }))),
        },
        ["hours"] = rules.Hours is { } hours ? Write(hours) : null,
        ["freezes"] = Array(rules.Freezes, Write),
        ["approvals"] = new JsonObject { ["needed"] = rules.Approvals.Needed, ["validFor"] = DurationText.Of(rules.Approvals.ValidFor), ["uses"] = rules.Approvals.Uses },
        ["allowed"] = rules.Allowed is { } allowed ? Array(allowed, a => JsonValue.Create(a)) : null,
        ["protected"] = Array(rules.Protected, p => JsonValue.Create(p)),
    };

    /// <summary>Writes hours.</summary>
    public static JsonObject Write(AllowedHours hours) => new()
    {
        ["zone"] = hours.Zone.Id,
        ["windows"] = Array(hours.Windows, Write),
        ["holidays"] = Array(hours.Holidays.Order(), h => JsonValue.Create(h.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))),
    };

    /// <summary>Writes a freeze.</summary>
    public static JsonObject Write(Freeze freeze)
    {
        var written = freeze switch
        {
            Freeze.Once once => new JsonObject { ["from"] = Local(once.From), ["to"] = Local(once.To) },
            Freeze.Weekly weekly => Write(weekly.Window),
            _ => throw new System.Diagnostics.UnreachableException($"A freeze was added and can't be written: {freeze.GetType().Name}"),
        };
        written["name"] = freeze.Name;
        written["zone"] = freeze.Zone.Id;
        return written;
    }

    private static JsonObject Write(WeeklyWindow window) => new()
    {
        ["days"] = Array(window.Days, d => JsonValue.Create(d.ToString()[..3].ToLowerInvariant())),
        ["from"] = Time(window.From),
        ["to"] = Time(window.To),
    };

    private static string Time(TimeOnly time) => time.ToString(time.Second == 0 ? "HH:mm" : "HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Local(DateTime local) => local.ToString(local.Second == 0 ? "yyyy-MM-ddTHH:mm" : "yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);

    private static JsonNode? Span(TimeSpan? span) => span is { } value && value > TimeSpan.Zero ? DurationText.Of(value) : null;

    private static JsonNode? Share(double? share) => share is { } value ? new SelectionMode.Percent(value).ToString() : null;

    private static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonNode?> write) => new([.. items.Select(write)]);
}
