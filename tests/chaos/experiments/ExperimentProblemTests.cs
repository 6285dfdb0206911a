namespace Pressure.Chaos.Tests.Experiments;

public sealed class ExperimentProblemTests
{
    private const string Fault = "type: pressure, fault: container-kill, target: { container: a }, duration: 1s";

    [Theory]
    [InlineData("title: t", "method: is missing")]
    [InlineData("method: []", "title: is missing")]
    [InlineData("{ title: t, metod: [], method: [] }", "metod: unknown key 'metod'. Did you mean 'method'?")]
    [InlineData("title: t\ntitle: u\nmethod: []", "2:1: title: 'title' is given twice")]
    [InlineData("title: t\nmethod: 5", "2:9: method: is a number, but should be a list")]
    [InlineData("title: t\nmethod: [ { type: action, name: a, provider: { type: python, module: m, func: f } } ]", "method[0].provider.type: 'a' is Python code (m.f), which is not run here. Let a process do it")]
    [InlineData("title: t\nmethod: [ { type: action, name: a, provider: { type: proces } } ]", "'a' has an unknown provider, 'proces'. Did you mean 'process'?")]
    [InlineData("title: t\nmethod: [ { type: aktion, name: a, provider: { type: process, path: x } } ]", "method[0].type: 'aktion' is no kind of activity")]
    [InlineData("title: t\nmethod: [ { ref: nobody } ]", "method[0].ref: there is no activity 'nobody'")]
    [InlineData("title: t\nmethod: [ { name: a, ref: b }, { name: b, ref: a } ]", "references go round in a circle: b -> a -> b")]
    [InlineData("title: t\nmethod: [ { name: a, ref: a } ]", "references go round in a circle: a -> a")]
    [InlineData("title: t\nmethod: [ { type: action, name: a, pauses: { before: soon }, provider: { type: process, path: x } } ]", "method[0].pauses.before: 'soon' is no number of seconds")]
    [InlineData("title: t\nmethod: [ { type: action, name: a, background: maybe, provider: { type: process, path: x } } ]", "method[0].background: is a text, but should be a switch")]
    [InlineData("title: t\nmethod: [ { type: action, name: a, provider: { type: http, url: 'ftp://x' } } ]", "'ftp://x' is no http or https URL")]
    [InlineData("title: t\nmethod: [ { type: action, name: a, provider: { type: http, url: 'http://x', headers: { 'a b': c } } } ]", "headers.a b: is no header that can be sent")]
    [InlineData("title: t\nsteady-state-hypothesis: { title: h, probes: [ { type: probe, name: p, provider: { type: process, path: x } } ] }\nmethod: []", "probes[0].tolerance: is missing")]
    [InlineData("title: t\nsteady-state-hypothesis: { title: h, probes: [ { type: action, name: p, tolerance: 1, provider: { type: process, path: x } } ] }\nmethod: []", "is an action, but a hypothesis only looks")]
    [InlineData("title: t\nextensions: [ { name: pressure, leese: 5s } ]\nmethod: []", "extensions[0].leese: unknown key 'leese'. Did you mean 'lease'?")]
    [InlineData("title: t\nextensions: [ { name: pressure, lease: 5 } ]\nmethod: []", "'5' is no time from 1s to 10m. Write it with its unit: 5s.")]
    [InlineData("title: t\nextensions: [ { name: pressure, maxShare: 0.5, maxTargets: none } ]\nmethod: []", "'0.5' is no share of the targets|'none' is no number of targets")]
    public void What_is_wrong_is_told_with_its_place_and_what_to_do(string text, string expected)
    {
        var problems = SampleKinds.Parse(text).Problems.Select(p => p.ToString()).ToList();

        foreach (var part in expected.Split('|'))
            Assert.Contains(problems, p => p.Contains(part));
    }

    [Theory]
    [InlineData("type: pressure, fault: container-kil, target: { container: a }, duration: 1s", "there is no fault 'container-kil'. Did you mean 'container-kill'?")]
    [InlineData("type: pressure, fault: container-kill, duration: 1s", "provider.target: is missing")]
    [InlineData("type: pressure, fault: container-kill, target: { container: {} }, duration: 1s", "has no condition, so it would match nothing")]
    [InlineData("type: pressure, fault: container-kill, target: { process: a }, duration: 1s", "container-kill strikes a container, not a process")]
    [InlineData("type: pressure, fault: container-kill, target: { container: a, pod: b }, duration: 1s", "names more than one kind of thing")]
    [InlineData("type: pressure, fault: container-kill, target: { container: { name: a, mode: most } }, duration: 1s", "'most' does not say how many")]
    [InlineData("type: pressure, fault: container-kill, target: { container: { nam: a } }, duration: 1s", "unknown key 'nam'. Did you mean 'name'?")]
    [InlineData("type: pressure, fault: container-kill, target: { container: a }", "provider.duration: is missing")]
    [InlineData("type: pressure, fault: container-kill, target: { container: a }, duration: 30", "Write it with its unit: 30s.")]
    [InlineData("type: pressure, fault: container-kill, target: { container: a }, duration: 25h", "is no time from 1ms to 24h")]
    [InlineData(Fault + ", stages: [ 1, lots ]", "stages[1]: is no stage")]
    [InlineData(Fault + ", stages: []", "stages: is empty")]
    [InlineData(Fault + ", stageTime: 5s", "is the time between stages, but there are none")]
    [InlineData(Fault + ", arguments: { colour: red }", "container-kill takes no 'colour'")]
    [InlineData("type: pressure, fault: network-loss, target: { container: a }, duration: 1s, arguments: { percent: lots }", "'lots' is no share (30%) for 'percent'")]
    [InlineData("type: pressure, fault: network-loss, target: { container: a }, duration: 1s", "network-loss needs 'percent'")]
    [InlineData("type: pressure, fault: network-loss, target: { pod: a }, duration: 1s", "network-loss strikes a container or a process, not a pod")]
    [InlineData(Fault + ", arguments: { colour: \"${token}\" }", "is a secret, but a fault's arguments stand in its journal")]
    public void What_is_wrong_with_a_fault_is_told(string provider, string expected)
    {
        var text = $"title: t\nsecrets: {{ g: {{ token: {{ type: env, key: T }} }} }}\nmethod:\n  - type: action\n    name: a\n    provider: {{ {provider} }}";

        var problems = SampleKinds.Parse(text, "x.yaml", ("T", "s3cret")).Problems;

        Assert.Contains(problems, p => p.ToString().Contains(expected) && p.Line == 6 && p.Field.StartsWith("method[0].provider", StringComparison.Ordinal));
        Assert.DoesNotContain("s3cret", string.Join('\n', problems));
    }

    [Fact]
    public void A_fault_may_strike_more_than_one_kind_of_thing()
    {
        var read = SampleKinds.Read("title: t\nmethod: [ { type: action, name: a, provider: { type: pressure, fault: network-loss, target: { process: a }, duration: 1s, arguments: { percent: 30% } } } ]");

        Assert.Equal(TargetKind.Process, Assert.IsType<Provider.Fault>(Assert.Single(read.Method).Provider).Selector.Kind);
    }

    [Theory]
    [InlineData("probe: tcp, arguments: { host: a, port: 99999 }", "'99999' for 'port' of tcp is not from 1 to 65535")]
    [InlineData("probe: http, arguments: { url: nowhere }", "'nowhere' is no address")]
    [InlineData("probe: process, arguments: {}", "process needs either 'name' or 'pid'")]
    public void What_is_wrong_with_a_probe_is_told_before_it_is_asked(string provider, string expected)
    {
        var problem = Assert.Single(ExperimentReader.Parse($"title: t\nmethod:\n  - {{ type: probe, name: a, provider: {{ type: pressure, {provider} }} }}", "x.yaml", _ => null).Problems);

        Assert.Contains(expected, problem.ToString());
        Assert.Equal((3, "method[0].provider.arguments"), (problem.Line, problem.Field));
    }

    [Fact]
    public void What_is_wrong_with_a_secret_is_not_quoted() =>
        Assert.Empty(ExperimentReader.Parse("title: t\nsecrets: { g: { s: { type: env, key: S } } }\nmethod: [ { type: probe, name: a, provider: { type: pressure, probe: http, arguments: { url: \"${s}\" } } } ]", "x.yaml", _ => "s3cret").Problems);

    [Theory]
    [InlineData("configuration: { a: { type: env, key: NOWHERE } }", "configuration.a.key: the environment has no variable NOWHERE. Set NOWHERE, or give a default:.")]
    [InlineData("configuration: { a: { type: env, key: TEXT, env_var_type: int } }", "configuration.a: 'words' is no int")]
    [InlineData("configuration: { a: { type: env, key: TEXT, env_var_type: date } }", "unknown type 'date'")]
    [InlineData("configuration: { a: { type: probe } }", "configuration of type 'probe' is not fetched")]
    [InlineData("secrets: { g: { s: { type: env, key: NOWHERE } } }", "secrets.g.s.key: the environment has no variable NOWHERE")]
    [InlineData("secrets: { g: { s: { type: vault, key: x } } }", "secrets of type 'vault' can't be fetched")]
    [InlineData("secrets: { g: { s: open } }", "the secret stands in the file itself")]
    public void What_the_environment_lacks_is_told(string part, string expected) =>
        Assert.Contains(SampleKinds.Parse($"title: t\n{part}\nmethod: []", "x.yaml", ("TEXT", "words")).Problems, p => p.ToString().Contains(expected) && p.Line == 2);

    [Theory]
    [InlineData("[]", "is an empty list")]
    [InlineData("[ 9, 4 ]", "lower end is above its upper end")]
    [InlineData("{ type: rang }", "there is no tolerance of type 'rang'. Did you mean 'range'?")]
    [InlineData("{ type: range }", "range: is missing")]
    [InlineData("{ type: range, range: [ 1 ] }", "is no pair of numbers")]
    [InlineData("{ type: range, range: [ 9, 4 ] }", "lower end above its upper end")]
    [InlineData("{ type: regex, pattern: '(' }", "'(' is no regular expression")]
    [InlineData("{ type: regex }", "pattern: is missing")]
    [InlineData("{ type: jsonpath, path: '$..book[?(@.price<10)]' }", "is no path that is read here")]
    [InlineData("{ type: probe, name: judge }", "tolerance.type")]
    [InlineData("{ type: probe, name: j, provider: { type: process, path: x, arguments: [ a ] } }", "has no names, so the value that is judged can't be handed over")]
    public void A_wrong_tolerance_is_told(string tolerance, string expected)
    {
        var text = $"title: t\nmethod: []\nsteady-state-hypothesis:\n  title: h\n  probes:\n    - type: probe\n      name: p\n      tolerance: {tolerance}\n      provider: {{ type: process, path: x }}";

        Assert.Contains(SampleKinds.Parse(text).Problems, p => p.ToString().Contains(expected == "tolerance.type" ? "tolerance.provider: is missing" : expected) && p.Line == 8);
    }

    [Fact]
    public void All_problems_are_told_at_once_in_order_of_lines()
    {
        var problems = SampleKinds.Parse("title: [ ]\ntags: 7\nmethod:\n  - { type: x }\n  - 5").Problems;

        Assert.Equal([1, 2, 4, 4, 4, 5], problems.Select(p => p.Line));
    }

    [Fact]
    public void JSON_gives_lines_and_columns_too()
    {
        var problem = Assert.Single(SampleKinds.Parse("{\n  \"title\": \"商品\",\n  \"method\": [ { \"type\": \"action\", \"name\": \"a\", \"provider\": { \"type\": \"process\" } } ]\n}", "x.json").Problems);

        Assert.Equal((3, "method[0].provider.path"), (problem.Line, problem.Field));
        Assert.Equal(3, Assert.Single(SampleKinds.Parse("{\n  \"title\": \"t\",\n  \"method\": [,]\n}", "x.json").Problems).Line);
    }

    [Fact]
    public void A_few_lines_never_become_a_million_values()
    {
        var laughs = "a: &a [ x, x, x, x, x, x, x, x, x, x ]\n" + string.Concat(Enumerable.Range(1, 9).Select(i => $"{(char)('a' + i)}: &{(char)('a' + i)} [ {string.Join(", ", Enumerable.Repeat($"*{(char)('a' + i - 1)}", 10))} ]\n"));

        Assert.Contains(SampleKinds.Parse(laughs).Problems, p => p.Message.StartsWith("more than 20,000 values", StringComparison.Ordinal));
    }

    [Fact]
    public void A_large_value_in_many_places_is_found_out()
    {
        var many = string.Join(", ", Enumerable.Repeat("\"${big}\"", 5_000));
        var big = string.Join(", ", Enumerable.Range(0, 5_000));

        var problems = SampleKinds.Parse($"title: t\nconfiguration: {{ big: [ {big} ] }}\nmethod: [ {{ type: action, name: a, provider: {{ type: process, path: x, arguments: [ {many} ] }} }} ]").Problems;

        Assert.Contains(problems, p => p.Message.Contains("larger than an experiment may be"));
    }

    [Fact]
    public void Depth_is_bounded_in_both_languages()
    {
        Assert.Contains(SampleKinds.Parse("a: " + new string('[', 50) + new string(']', 50)).Problems, p => p.Message.Contains("nested deeper"));
        Assert.NotEmpty(SampleKinds.Parse("{\"a\": " + new string('[', 50) + new string(']', 50) + "}", "x.json").Problems);
    }

    [Fact]
    public void A_missing_file_a_folder_and_one_that_is_no_text_are_told()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder.File("latin.yaml"), [0x74, 0xe4, 0x3a]);

        Assert.Contains("no such file", Read(folder.File("nowhere.yaml")));
        Assert.Contains("this is a folder", Read(folder.Path));
        Assert.Contains("not UTF-8", Read(folder.File("latin.yaml")));

        static string Read(string path) => Assert.Single(ExperimentReader.ReadFile(path, _ => null, SampleKinds.All).Problems).Message;
    }
}
