using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Pressure.LoadGen.Tests;

public sealed class PlanFuzzTests
{
    private const string Whole = """
        name: fuzz
        target: http://127.0.0.1:5080/api
        load: { stages: [ { rate: 0/s -> 500/s, over: 2m }, { rate: 20/950ms, over: 1h30m } ], warmUp: 5s, arrivals: poisson }
        seed: 7
        http: { version: 1.1, timeout: 3s, maxConnections: 100 }
        hosts: [ local ]
        scenarios:
          - name: browse
            weight: 7.5
            steps:
              - get: /商品/1?x=1
                query: { q: "a\tb", size: 2 }
                headers: { Accept: application/json }
                check: { status: [ 200, 3xx, 400..404 ], body: ok, bodyMatches: "o+k" }
              - think: 200ms..500ms
              - post: http://127.0.0.1:5081/order
                json: { item: 1, note: "1", list: [ true, ~, 1.50 ] }
        thresholds:
          - http_req_duration: p(95) < 500ms
        """;

    private static readonly string[] Pieces = ["{", "}", "[", "]", ":", ": ", "- ", "\n", "\n  ", "\"", "'", "&a", "*a", "!t", "|", ">", "#", "%", "\t", "? ", "---", "...", "\ud83d", "\u0085", "\u2028", "\0", "999999999999999999999999999", "-1", ".nan", "{{x}}", "http://[", "http://商:80", "xn--", "\\", "(?", "name", "pv", "perDay"];

    [Fact]
    public void Random_bytes_never_throw() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => Judged(Encoding.Latin1.GetString(bytes))).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Random_pieces_of_yaml_never_throw() =>
        Prop.ForAll(Gen.Elements(Pieces).ListOf().Select(string.Concat).ToArbitrary(), Judged).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void Mutated_plans_never_throw_and_are_either_read_or_refused()
    {
        var cuts =
            from at in Gen.Choose(0, Whole.Length - 1)
            from length in Gen.Frequency((3, Gen.Constant(0)), (2, Gen.Choose(1, 3)), (1, Gen.Choose(4, 80)))
            from piece in Gen.OneOf(Gen.Elements(Pieces), Gen.Choose(1, 0xd7ff).Select(c => ((char)c).ToString()), Gen.Constant(""))
            select (at, length, piece);
        var plans = cuts.ListOf().Select(list => list.Take(5).Aggregate(Whole, (text, cut) =>
        {
            var at = Math.Min(cut.at, text.Length);
            return text.Remove(at, Math.Min(cut.length, text.Length - at)).Insert(at, cut.piece);
        }));

        Prop.ForAll(plans.ToArbitrary(), Judged).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    [Fact]
    public void The_plan_that_is_mutated_is_right() => Assert.Equal(2, Plans.Read(Whole).Requests.Count);

    /// <summary>Read or refused, with places and remedies; what is read can be scheduled.</summary>
    private static bool Judged(string text)
    {
        var (plan, _, problems) = PlanReader.Parse(text, "fuzz.yaml");
        if (plan is null)
            return problems.Count > 0 && problems.All(p => p.Line > 0 && p.Column > 0 && p.Message.Length > 0 && p.Remedy.Length > 0);
        var workload = Workload.Of(plan);
        return problems.Count == 0 && workload.Starts.Count >= 0 && workload.Requests().Count == plan.Requests.Count;
    }
}
