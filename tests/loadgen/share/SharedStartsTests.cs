using FsCheck;
using FsCheck.Fluent;
using Pressure.LoadGen.Engine;

namespace Pressure.LoadGen.Tests.Share;

public sealed class SharedStartsTests
{
    private static readonly Gen<string> Loads = Gen.OneOf(
        from count in Gen.Choose(1, 4_000)
        from arrivals in Gen.Elements("uniform", "poisson")
        select $"{{ rate: {count / 10m}/s, duration: 9s, arrivals: {arrivals} }}",
        from low in Gen.Choose(0, 100)
        from high in Gen.Choose(1, 300)
        from arrivals in Gen.Elements("uniform", "poisson")
        select $"{{ arrivals: {arrivals}, stages: [ {{ rate: {low}/s -> {high}/s, over: 3s }}, {{ rate: {high}/s -> {low}/s, over: 4s }} ] }}");

    private static readonly Gen<string> Mixes =
        from weights in Gen.Choose(1, 5).ListOf().Where(w => w.Count is > 0 and <= 4)
        select string.Join("\n", weights.Select((w, i) => $"  - {{ name: s{i}, weight: {w}, steps: [ {{ get: /{i} }}, {{ get: /{i}/more }} ] }}"));

    private static readonly Gen<string> OwnRates =
        from rates in Gen.Choose(1, 900).ListOf().Where(r => r.Count is > 0 and <= 4)
        select string.Join("\n", rates.Select((r, i) => $"  - {{ name: s{i}, rate: {r / 10m}/s, steps: [ {{ get: /{i} }} ] }}"));

    private static readonly Gen<string> Texts = Gen.OneOf(
        from load in Loads
        from mix in Mixes
        select Text(load, mix),
        OwnRates.Select(rates => Text("{ duration: 9s }", rates)));

    private static readonly Arbitrary<Case> Cases = (
        from text in Texts
        from weights in Gen.Choose(1, 9).Select(w => (decimal)w).ListOf().Where(w => w.Count is > 0 and <= 8)
        from lanes in Gen.Choose(1, 4)
        from cut in Gen.Choose(0, 10)
        select new Case(text, [.. weights], lanes, TimeSpan.FromSeconds(cut))).ToArbitrary();

    [Fact]
    public void All_shares_together_are_the_schedule() =>
        Prop.ForAll(Cases, one =>
        {
            var workload = Workload.Of(Plans.Read(one.Text));
            var split = new ShareSplit(one.Weights);
            var whole = Of(workload, WorkShare.Whole, lanes: 1);
            var shares = Enumerable.Range(0, split.Count).SelectMany(i => Of(workload, new(split, i), one.Lanes)).ToList();
            return Same(whole, shares) && whole.Count == workload.Streams.Sum(s => s.Starts.Count);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_share_that_is_taken_over_is_the_share() =>
        Prop.ForAll(Cases, one =>
        {
            var workload = Workload.Of(Plans.Read(one.Text));
            var split = new ShareSplit(one.Weights);
            return Enumerable.Range(0, split.Count).All(i =>
            {
                var whole = Of(workload, new(split, i), one.Lanes);
                var first = whole.Where(s => s.Due < one.Cut).ToList();
                // By another engine, of another number of lanes.
                var rest = Of(workload, new(split, i) { From = one.Cut }, one.Lanes % 4 + 1);
                return Same(whole, [.. first, .. rest]) && rest.TrueForAll(s => s.Due >= one.Cut);
            });
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Users_are_split_and_number_their_iterations_apart() =>
        Prop.ForAll(Gen.Choose(1, 60).ToArbitrary(), Cases, (users, one) =>
        {
            var workload = Workload.Of(Plans.Read(Text($"{{ users: {users}, duration: 9s }}", "  - { name: a, steps: [ { get: / } ] }")));
            var split = new ShareSplit(one.Weights);
            var from = TimeSpan.FromSeconds(3);
            var early = Enumerable.Range(0, split.Count).SelectMany(i => Turns(workload, new(split, i), one.Lanes, turns: 3)).ToList();
            var late = Enumerable.Range(0, split.Count).SelectMany(i => Turns(workload, new(split, i) { From = from }, one.Lanes, turns: 3)).ToList();
            var whole = Enumerable.Range(0, users).ToList();
            var numbers = early.Concat(late).Select(s => s.Number).ToList();
            return early.Select(s => s.User!.Number).Distinct().Order().SequenceEqual(whole)
                && late.Select(s => s.User!.Number).Distinct().Order().SequenceEqual(whole)
                && numbers.Distinct().Count() == numbers.Count
                && early.TrueForAll(s => s.Due < from) && late.TrueForAll(s => s.Due >= from);
        }).QuickCheckThrowOnFailure();

    private static string Text(string load, string scenarios) => $"name: shares\ntarget: http://127.0.0.1:5080\nload: {load}\nscenarios:\n{scenarios}\n";

    private static bool Same(IEnumerable<Start> one, IEnumerable<Start> other) =>
        one.Select(Shown).Order().SequenceEqual(other.Select(Shown).Order());

    private static (long, TimeSpan, int) Shown(Start start) => (start.Number, start.Due, start.Script.Steps.Count);

    /// <summary>All that the lanes of a share take; what was steered they hear of before they begin.</summary>
    internal static List<Start> Of(Workload workload, WorkShare share, int lanes, LoadGen.Steering? steering = null)
    {
        var scripts = Scripts(workload);
        var taken = new List<Start>();
        for (var lane = 0; lane < lanes; lane++)
        {
            var starts = LaneStarts.Create(workload, share, scripts, lane, lanes);
            if (steering?.Current is { } steered)
                starts.Follow(steered, TimeSpan.Zero);
            while (starts.NextDue < TimeSpan.MaxValue)
                taken.Add(starts.Take());
        }

        return taken;
    }

    private static List<Start> Turns(Workload workload, WorkShare share, int lanes, int turns)
    {
        var scripts = Scripts(workload);
        var taken = new List<Start>();
        for (var lane = 0; lane < lanes; lane++)
        {
            var starts = LaneStarts.Create(workload, share, scripts, lane, lanes);
            var now = share.From;
            for (var turn = 0; turn < turns; turn++, now += TimeSpan.FromMilliseconds(1))
            {
                var begun = new List<Start>();
                while (starts.NextDue <= now)
                    begun.Add(starts.Take());
                begun.ForEach(s => starts.Return(s, reached: true, now + TimeSpan.FromMilliseconds(1)));
                taken.AddRange(begun);
            }
        }

        return taken;
    }

    // As many steps as the scenario's position, to tell them apart.
    private static List<ScenarioScript> Scripts(Workload workload) =>
        [.. workload.Plan.Scenarios.Select((_, i) => new ScenarioScript([.. Enumerable.Repeat(default(ScriptStep), i + 1)]))];

    private sealed record Case(string Text, IReadOnlyList<decimal> Weights, int Lanes, TimeSpan Cut);
}
