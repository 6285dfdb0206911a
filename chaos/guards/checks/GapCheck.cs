using System.Data.Common;
using Dapper;

namespace Pressure.Chaos;

/// <summary>The least time between two deeds, and between two on the same group. Deeds of one run need none.</summary>
internal static class GapCheck
{
    public static IEnumerable<GuardRefusal> Ask(DbConnection book, GuardRules rules, StrikeRequest request, BookMoment now)
    {
        if (rules.Gap > TimeSpan.Zero)
        {
            var last = book.ExecuteScalar<long?>("SELECT MAX(at) FROM deed WHERE run = '' OR run <> @Run", new { request.Run });
            if (TooSoon(last, rules.Gap, now) is { } wait)
                yield return new("gap", $"The last strike was {DurationText.Of(Whole(rules.Gap - wait))} ago, and at least {DurationText.Of(rules.Gap)} lie between two.", From(now, wait));
        }
        if (rules.GapPerGroup <= TimeSpan.Zero)
            yield break;
        foreach (var group in request.Targets.Select(t => GuardGroup.Of(t, rules.Group)).Distinct())
        {
            var last = book.ExecuteScalar<long?>(
                "SELECT MAX(strike.at) FROM strike JOIN deed ON deed.id = strike.deed WHERE strike.family = @group AND (deed.run = '' OR deed.run <> @Run)", new { group, request.Run });
            if (TooSoon(last, rules.GapPerGroup, now) is { } wait)
                yield return new("gap", $"'{group}' was last struck {DurationText.Of(Whole(rules.GapPerGroup - wait))} ago, and at least {DurationText.Of(rules.GapPerGroup)} lie between two strikes on a group.", From(now, wait));
        }
    }

    private static TimeSpan? TooSoon(long? last, TimeSpan gap, BookMoment now) => last is { } at && TimeSpan.FromTicks(at) + gap > now.Book ? TimeSpan.FromTicks(at) + gap - now.Book : null;

    private static TimeSpan Whole(TimeSpan span) => TimeSpan.FromSeconds(Math.Max(0, (long)span.TotalSeconds));

    private static string From(BookMoment now, TimeSpan wait) => $"Strike again from {GuardText.Moment(now.WallAt(now.Book + wait))} on.";
}
