using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Pressure.Chaos.Tests.Experiments;

public sealed class ExperimentFuzzTests
{
    private const string Whole = """
        title: fuzz ${a}
        configuration: { a: 1, b: { type: env, key: X, default: "2", env_var_type: int } }
        secrets: { g: { s: { type: env, key: S } } }
        steady-state-hypothesis:
          title: h
          probes:
            - { type: probe, name: p, tolerance: [ 200, 404 ], provider: { type: http, url: "http://127.0.0.1:${b}/", headers: { a: "${s}" } } }
            - { type: probe, name: q, tolerance: { type: jsonpath, path: $.a, expect: 1 }, provider: &x { type: process, path: echo, arguments: "a" } }
        method:
          - { type: action, name: f, background: yes, pauses: { after: 1 }, provider: { type: pressure, fault: network-loss, target: { container: { labels: { a: b }, mode: 25% } }, duration: 30s, arguments: { percent: 30% }, stages: [ 1, 100% ] } }
          - { ref: p }
        rollbacks: [ { type: action, name: r, provider: *x } ]
        extensions: [ { name: pressure, lease: 5s, maxShare: 50%, calendar: { cron: x } } ]
        """;

    private static readonly string[] Pieces = ["{", "}", "[", "]", ":", ": ", "- ", "\n", "\n  ", "\"", "'", "&a ", "*a", "!t ", "!!str ", "|", ">", "#", "%", "\t", "? ", "---", "...", "\ud83d", "\u0085", "\0", "999999999999999999999999999", "1e999", "-1", ".nan", "${a}", "$", "${", "$$", "~", "yes", "ref", "type", "provider", "<<", "http://[", "\\", "(?", "null"];

    [Fact]
    public void Random_bytes_never_throw() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => Judged(Encoding.Latin1.GetString(bytes))).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Random_pieces_never_throw() =>
        Prop.ForAll(Gen.Elements(Pieces).ListOf().Select(string.Concat).ToArbitrary(), Judged).Check(Config.QuickThrowOnFailure.WithMaxTest(4_000));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Mutated_experiments_never_throw_and_are_either_read_or_refused(bool json)
    {
        var whole = json ? SampleKinds.Read(Whole, ("S", "s")).Document.ToJsonString() : Whole;
        var cuts =
            from at in Gen.Choose(0, whole.Length - 1)
            from length in Gen.Frequency((3, Gen.Constant(0)), (2, Gen.Choose(1, 3)), (1, Gen.Choose(4, 80)))
            from piece in Gen.OneOf(Gen.Elements(Pieces), Gen.Choose(1, 0xd7ff).Select(c => ((char)c).ToString()), Gen.Constant(""))
            select (at, length, piece);
        var texts = cuts.ListOf().Select(list => list.Take(5).Aggregate(whole, (text, cut) =>
        {
            var at = Math.Min(cut.at, text.Length);
            return text.Remove(at, Math.Min(cut.length, text.Length - at)).Insert(at, cut.piece);
        }));

        Prop.ForAll(texts.ToArbitrary(), Judged).Check(Config.QuickThrowOnFailure.WithMaxTest(4_000));
    }

    [Fact]
    public void Wild_JSON_values_never_throw_where_a_tolerance_is_judged()
    {
        var values = Gen.Elements("null", "true", "0", "-1.5", "1e300", "\"\"", "\"a\"", "[]", "[1]", "[1,2]", "[\"a\",\"b\"]", "{}", """{"status":200}""", """{"status":"x"}""", """{"status":null}""", """{"type":"range"}""",
            """{"type":"range","range":[1,"x"]}""", """{"type":"regex","pattern":"("}""", """{"type":"jsonpath","path":"$.a"}""", """{"type":"jsonpath","path":"$[","expect":[]}""", """{"type":"regex","pattern":"a","target":"status"}""", """{"type":1}""", """{"type":"jsonpath","path":"$.*","target":[]}""");

        Prop.ForAll(values.ToArbitrary(), values.ToArbitrary(), (tolerance, value) =>
        {
            _ = Tolerances.Problem(JsonNode.Parse(tolerance), JsonNode.Parse(value));
            _ = Tolerances.SaysYes(JsonNode.Parse(value));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));
    }

    /// <summary>Read or refused, with places and remedies; what is read can be exported and is then read again as the same.</summary>
    private static bool Judged(string text)
    {
        var (experiment, problems) = SampleKinds.Parse(text, "fuzz.yaml", ("S", "secret"));
        if (experiment is null)
            return problems.Count > 0 && problems.All(p => p.Line > 0 && p.Column > 0 && p.Message.Length > 0 && p.Remedy.Length > 0);
        return problems.Count == 0 && SameExperiment.Problem(experiment, SampleKinds.Parse(ExperimentWriter.Export(experiment), "exported.json", ("S", "secret"))) is null;
    }
}
