using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Pressure.LoadGen.Tests;

public sealed class PlanSchemaTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", ".."));
    private static readonly JsonNode Schema = JsonNode.Parse(File.ReadAllText(Path.Combine(Root, "docs", "plan.schema.json")))!;

    public static TheoryData<string> Samples => [.. PlansIn("samples/plans"), .. PlansIn("loadgen/templates")];

    public static TheoryData<string> Tables => [.. PlanKeys.All.Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Tables))]
    public void The_schema_knows_the_keys_that_the_reader_knows(string name)
    {
        var table = PlanKeys.All.Single(t => t.Name == name);
        var definition = Schema["$defs"]![name]!;

        Assert.Equal(table.Keys, definition["properties"]!.AsObject().Select(p => p.Key));
        Assert.False((bool)definition["additionalProperties"]!);
        Assert.All(definition["properties"]!.AsObject(), p => Assert.NotEmpty((string)p.Value!["description"]!));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Every_sample_is_right_for_the_reader_and_for_the_schema(string file)
    {
        var path = Path.Combine(Root, file);
        var text = File.ReadAllText(path);

        Assert.True(Workload.Of(Plans.ReadFile(path)).Load is { Total: > 0 } or { Users.Count: > 0 } or { Search: not null });
        Assert.Empty(new SchemaCheck(Schema).Violations(JsonOf(text)));
    }

    [Theory]
    [InlineData("rate: 5/s, pv: { perDay: 1 }")]
    [InlineData("rate: 5")]
    [InlineData("rate: 5/s, duration: 60")]
    [InlineData("rate: 5/s, users: 5")]
    [InlineData("users: 0")]
    [InlineData("users: 1.5")]
    [InlineData("users: 5, arrivals: poisson")]
    [InlineData("users: [ { users: 0 -> x, over: 5s } ]")]
    [InlineData("stairs: { from: 1/s, to: 5/s, steps: 1, hold: 5s }")]
    [InlineData("stairs: { from: 1/s, to: 5/s, steps: 2, hold: 5s }, duration: 5s")]
    [InlineData("spike: { base: 1/s, peak: 5/s, at: 5s, rise: 1s }")]
    [InlineData("stages: [ { rate: 5/s, over: 5s } ], duration: 5s")]
    [InlineData("search: { from: 50/s }")]
    [InlineData("search: { slo: [], from: 50/s }")]
    [InlineData("search: { slo: [ fast ], from: 50/s }")]
    [InlineData("search: { slo: [ 'checks: rate > 1%' ], from: 50/s }, duration: 5m")]
    [InlineData("search: { slo: [ 'checks: rate > 1%' ], from: 50/s }, rate: 5/s")]
    [InlineData("pv: { perDay: 3M, share: 0.8 }")]
    public void What_the_reader_refuses_the_schema_refuses_too(string load)
    {
        Assert.NotEmpty(PlanReader.Parse(Plans.With(load), "plan.yaml").Problems);
        Assert.NotEmpty(new SchemaCheck(Schema).Violations(JsonOf(Plans.With(load))));
    }

    [Theory]
    [InlineData("replay: { capture: a, speed: 2x }", "", true)]
    [InlineData("replay: { captures: [ a, b ], speed: max, connections: 5, loop: forever, compare: true, carry: { json: $.a } }, duration: 5m", "", true)]
    [InlineData("replay: { capture: a }", "scenarios: [ { steps: [ { get: / } ] } ]", false)]
    [InlineData("rate: 5/s", "", false)]
    [InlineData("replay: {}", "", false)]
    [InlineData("replay: { capture: a, captures: [ b ] }", "", false)]
    [InlineData("replay: { capture: a, speed: fast }", "", false)]
    [InlineData("replay: { capture: a, loop: ever }", "", false)]
    [InlineData("replay: { capture: a, carry: { json: $.a, header: b } }", "", false)]
    [InlineData("replay: { capture: a, compare: { secondary: 'http://a' } }", "", false)]
    [InlineData("replay: { capture: a, paths: api }", "", false)]
    [InlineData("replay: { capture: a }, rate: 5/s", "", false)]
    [InlineData("replay: { capture: a }, arrivals: uniform", "", false)]
    public void Reader_and_schema_agree_on_replays(string load, string more, bool right)
    {
        var text = ReplayPlanTests.Text(load, more);
        Assert.Equal(right, PlanReader.ParseIn(Root, text, "plan.yaml").Problems.Count == 0);
        Assert.Equal(right, !new SchemaCheck(Schema).Violations(JsonOf(text)).Any());
    }

    [Theory]
    [InlineData("8", true)]
    [InlineData("{ count: 8, regions: { eu: 60%, us: 40% }, heartbeat: 3s, lease: 10s, tolerate: 0% }", true)]
    [InlineData("0", false)]
    [InlineData("1001", false)]
    [InlineData("1.5", false)]
    [InlineData("[ 8 ]", false)]
    [InlineData("{ regions: { eu: 100% } }", false)]
    [InlineData("{ count: 8, regions: {} }", false)]
    [InlineData("{ count: 8, regions: { eu: 1 } }", false)]
    [InlineData("{ count: 8, lease: 10 }", false)]
    [InlineData("{ count: 8, tolerance: 1% }", false)]
    public void Reader_and_schema_agree_on_workers(string workers, bool right)
    {
        var text = Plans.With(more: $"workers: {workers}");
        Assert.Equal(right, PlanReader.Parse(text, "plan.yaml").Problems.Count == 0);
        Assert.Equal(right, !new SchemaCheck(Schema).Violations(JsonOf(text)).Any());
    }

    [Fact]
    public void The_plan_in_the_guide_is_right()
    {
        var guide = File.ReadAllText(Path.Combine(Root, "docs", "plan.md"));
        var blocks = guide.Split("```yaml\n").Skip(1).Select(b => b[..b.IndexOf("```", StringComparison.Ordinal)]).Where(b => b.StartsWith("name:", StringComparison.Ordinal));

        Assert.All(blocks, b => Plans.Read(b));
        Assert.NotEmpty(blocks);
    }

    private static IEnumerable<string> PlansIn(string folder) =>
        Directory.GetFiles(Path.Combine(Root, folder)).Where(f => Path.GetExtension(f) is ".yaml" or ".json").Select(f => Path.GetRelativePath(Root, f)).Order();

    private static JsonNode? JsonOf(string yaml) => JsonOf(PlanTree.Read(yaml, new("plan.yaml"))!);

    private static JsonNode? JsonOf(PlanNode node) => node switch
    {
        PlanNode.Mapping map => new JsonObject(map.Entries.Select(e => KeyValuePair.Create(e.Key.Text, JsonOf(e.Value)))),
        PlanNode.Sequence list => new JsonArray([.. list.Items.Select(JsonOf)]),
        PlanNode.Scalar { Quoted: false, Text: "true" or "false" } s => JsonValue.Create(s.Text == "true"),
        PlanNode.Scalar { Quoted: false } s when decimal.TryParse(s.Text, System.Globalization.NumberStyles.AllowDecimalPoint, null, out var number) => JsonValue.Create(number),
        PlanNode.Scalar { IsNull: true } => null,
        PlanNode.Scalar s => JsonValue.Create(s.Text),
        _ => throw new NotSupportedException(),
    };

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
