using System.Data.Common;
using Dapper;

namespace Pressure.Chaos;

/// <summary>How much may be under fault at once: in all, and of each group. What others have under fault counts too.</summary>
internal static class BlastRadiusCheck
{
    public static IEnumerable<GuardRefusal> Ask(DbConnection book, GuardRules rules, StrikeRequest request, BookMoment now)
    {
        var targets = request.Targets.DistinctBy(GuardGroup.Key).ToList();
        var own = targets.Select(GuardGroup.Key).ToHashSet();
        var under = book.Query<Struck>("SELECT DISTINCT target, family FROM strike WHERE until > @now", new { now = now.Book.Ticks }).Where(s => !own.Contains(s.Target)).ToList();
        var all = Math.Max(under.Count, request.AlreadyStruck) + targets.Count;
        if (rules.BlastRadius.Most is { } most && all > most)
            yield return new("blast radius", $"{all} targets would be under fault at once, and {most} may be.", Fewer("blastRadius.most"));
        if (request.Settings?.MaxTargets is { } own1 && request.AlreadyStruck + targets.Count > own1)
            yield return new("blast radius", $"{request.AlreadyStruck + targets.Count} targets would be under fault at once, and the experiment allows {own1}.", "Choose fewer, or raise the experiment's own limit.");
        foreach (var group in targets.GroupBy(t => GuardGroup.Of(t, rules.Group)))
        {
            var before = under.Where(s => s.Family == group.Key).Select(s => s.Target).ToHashSet();
            var members = request.Matching.Where(m => GuardGroup.Of(m, rules.Group) == group.Key).Select(GuardGroup.Key).Concat(group.Select(GuardGroup.Key)).Concat(before).Distinct().Count();
            var struck = Math.Max(before.Count, request.AlreadyStruck) + group.Count();
            foreach (var refusal in OfGroup(rules, request.Settings, group.Key, struck, members))
                yield return refusal;
        }
    }

    private static IEnumerable<GuardRefusal> OfGroup(GuardRules rules, ExperimentSettings? settings, string group, int struck, int members)
    {
        var own = rules.BlastRadius.Groups.GetValueOrDefault(group);
        if ((own?.Most ?? rules.BlastRadius.MostPerGroup) is { } most && struck > most)
            yield return new("blast radius", $"{struck} of '{group}' would be under fault at once, and {most} may be.", Fewer("blastRadius.mostPerGroup or blastRadius.groups"));
        if ((own?.MostShare ?? rules.BlastRadius.MostSharePerGroup) is { } share && Exceeds(struck, members, share))
            yield return new("blast radius", $"{struck} of the {members} of '{group}' would be under fault at once, and {Share(share)} may be.", Fewer("blastRadius.mostSharePerGroup or blastRadius.groups"));
        if (settings?.MaxShare is { } limit && Exceeds(struck, members, limit))
            yield return new("blast radius", $"{struck} of the {members} of '{group}' would be under fault at once, and the experiment allows {Share(limit)}.", "Choose fewer, or raise the experiment's own limit.");
    }

    private static string Share(double share) => new SelectionMode.Percent(share).ToString();

    private static bool Exceeds(int struck, int members, double share) => struck > (members * share) + 1e-9;

    private static string Fewer(string rule) => $"Choose fewer, wait until others have ended, or raise {rule} in the guards' rules.";

    private sealed record Struck(string Target, string Family);
}
