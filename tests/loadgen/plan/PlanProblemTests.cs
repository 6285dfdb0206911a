namespace Pressure.LoadGen.Tests;

public sealed class PlanProblemTests
{
    [Fact]
    public void All_problems_are_told_at_once_in_order_with_their_places()
    {
        var result = PlanReader.Parse("""
            name: test
            targt: http://127.0.0.1
            load:
              rate: 500
              duration: 60
            scenarios:
              - name: one
                weight: 0
                steps:
                  - get: /
                    check: { status: abc }
            """, "plan.yaml");

        Assert.Null(result.Plan);
        Assert.Equal(
            [
                "plan.yaml:1:1: target: is missing. Write the base URL, such as target: http://127.0.0.1:5080.",
                "plan.yaml:2:1: targt: unknown key 'targt'. Did you mean 'target'?",
                "plan.yaml:4:9: load.rate: '500' does not say per what time. Write 500/s for that many requests per second.",
                "plan.yaml:5:13: load.duration: '60' has no unit. Write 60s for seconds, or 60ms for milliseconds.",
                "plan.yaml:8:13: scenarios[0].weight: '0' is not a number above 0 and up to 1,000,000,000. Write such a number, such as 1 or 2.5.",
                "plan.yaml:11:26: scenarios[0].steps[0].check.status: 'abc' is not a status. Write a status such as 200, a class such as 2xx, a range such as 200..299, or a list of them: [200, 404].",
            ],
            result.Problems.Select(p => p.ToString()));
    }

    [Theory]
    [InlineData("rate: 0/s", "load.rate", "zero")]
    [InlineData("rate: -5/s", "load.rate", "not a rate")]
    [InlineData("rate: NaN/s", "load.rate", "not a rate")]
    [InlineData("rate: .inf", "load.rate", "not a rate")]
    [InlineData("rate: Infinity/s", "load.rate", "not a rate")]
    [InlineData("rate: 1e3/s", "load.rate", "not a rate")]
    [InlineData("rate: 10000001/s", "load.rate", "more than 10,000,000")]
    [InlineData("rate: 5/0s", "load.rate", "no time")]
    [InlineData("rate: 5/x", "load.rate", "not a rate")]
    [InlineData("rate: '1,5/s'", "load.rate", "not a rate")]
    [InlineData("rate: [ 5/s ]", "load.rate", "a list")]
    [InlineData("rate: ", "load.rate", "no value")]
    [InlineData("rate: 5/s, duration: 31d", "load.duration", "longer than 30 days")]
    [InlineData("rate: 5/s, duration: 1ms", "load.duration", "not from 100ms to 30d")]
    [InlineData("rate: 5/s, duration: -5s", "load.duration", "not a duration")]
    [InlineData("rate: 5/s, duration: 30m1h", "load.duration", "not a duration")]
    [InlineData("rate: 5/s, duration: 99999999999999999999999d", "load.duration", "longer than")]
    [InlineData("rate: 5/s, duration: 10s, warmUp: 10s", "load.warmUp", "not shorter")]
    [InlineData("rate: 5/s, arrivals: random", "load.arrivals", "not one of them")]
    [InlineData("rate: 10000000/s, duration: 30d", "load.rate", "requests in all")]
    [InlineData("rate: 5/s, users: 5", "load.users", "given at once")]
    [InlineData("users: 70000", "load.users", "not a whole number")]
    [InlineData("users: [ { users: 0, over: 5s } ]", "load.users", "never has a user")]
    [InlineData("users: [ { users: 1, over: 5s } ], duration: 5s", "load.duration", "stages say how long")]
    [InlineData("users: 20000", "load.users", "need a connection each")]
    [InlineData("stairs: { from: 1/s, to: 5/s, steps: 1, hold: 5s }", "load.stairs.steps", "not a whole number")]
    [InlineData("spike: { base: 1/s, peak: 5/s, at: 5s, rise: 1s }", "load.spike.hold", "is missing")]
    [InlineData("search: { from: 50/s }", "load.search.slo", "is missing")]
    [InlineData("search: { slo: [ 'checks: rate > 1%' ] }", "load.search.from", "is missing")]
    [InlineData("search: { slo: [], from: 50/s }", "load.search.slo", "is empty")]
    [InlineData("search: { slo: 'checks: rate > 1%', from: 50/s }", "load.search.slo", "should be a list")]
    [InlineData("search: { slo: [ fast ], from: 50/s }", "load.search.slo[0]", "no colon")]
    [InlineData("search: { slo: [ 'http_req_duration: p(95) < 5/s' ], from: 50/s }", "load.search.slo[0]", "not a threshold")]
    [InlineData("search: { slo: [ 'http_req_duration{name:nobody}: p(95) < 5s' ], from: 50/s }", "load.search.slo[0]", "looks at nothing")]
    [InlineData("search: { slo: [ 'checks: rate > 1%' ], from: 50/s, to: 50/s }", "load.search.to", "not above from")]
    [InlineData("search: { slo: [ 'checks: rate > 1%' ], from: 50/s, plateau: 1s }", "load.search.plateau", "not from 2s")]
    [InlineData("search: { slo: [ 'checks: rate > 1%' ], from: 50/s, resolution: 0.1% }", "load.search.resolution", "not from 1% to 50%")]
    [InlineData("search: { slo: [ 'checks: rate > 1%' ], from: 50/s, within: 30s }", "load.search.within", "less than five plateaus")]
    [InlineData("search: { slo: [ 'checks: rate > 1%' ], from: 50/s }, duration: 5m", "load.duration", "ends by itself")]
    [InlineData("search: { slo: [ 'checks: rate > 1%' ], from: 50/s }, users: 5", "load.search", "given at once")]
    [InlineData("rate: 5/s, pv: { perDay: 1 }", "load.rate", "pv and rate")]
    [InlineData("duration: 5s", "load", "how much load")]
    [InlineData("rate: 5/s, rate: 6/s", "load.rate", "twice")]
    [InlineData("rate: 5/s, dropped: 6", "load.dropped", "unknown key")]
    [InlineData("stages: []", "load.stages", "empty")]
    [InlineData("stages: [ { rate: 5/s } ]", "load.stages[0].over", "missing")]
    [InlineData("stages: [ { rate: 0/s, over: 5s } ]", "load.stages", "never asks")]
    [InlineData("stages: [ { rate: 0/s -> 5/s -> 0/s, over: 5s } ]", "load.stages[0].rate", "more than one arrow")]
    [InlineData("stages: [ { rate: 5/s, over: 5s } ], duration: 5s", "load.duration", "stages say")]
    [InlineData("stages: [ { rate: 5/s, over: 20d }, { rate: 5/s, over: 20d } ]", "load.stages", "30 days together")]
    [InlineData("stages: 5/s", "load.stages", "should be a list")]
    [InlineData("pv: 3000000", "load.pv", "should be a map")]
    [InlineData("pv: { share: 80% }", "load.pv.perDay", "missing")]
    [InlineData("pv: { perDay: 0 }", "load.pv.perDay", "not above 0")]
    [InlineData("pv: { perDay: '3,00,000' }", "load.pv.perDay", "not an amount")]
    [InlineData("pv: { perDay: many }", "load.pv.perDay", "not an amount")]
    [InlineData("pv: { perDay: 1e6 }", "load.pv.perDay", "not an amount")]
    [InlineData("pv: { perDay: 3M, share: 0.8 }", "load.pv.share", "no percent sign")]
    [InlineData("pv: { perDay: 3M, share: 101% }", "load.pv.share", "up to 100%")]
    [InlineData("pv: { perDay: 3M, share: 0% }", "load.pv.share", "above 0%")]
    [InlineData("pv: { perDay: 3M, window: 25h }", "load.pv.window", "whole day")]
    [InlineData("pv: { perDay: 3M, window: 0.0001% }", "load.pv.window", "one second")]
    [InlineData("pv: { perDay: 3M, day: 25h }", "load.pv.day", "not from 1s to 24h")]
    [InlineData("pv: { perDay: 3M, requestsPerPage: 0 }", "load.pv.requestsPerPage", "not a number")]
    [InlineData("pv: { perDay: 3M, event: .nan }", "load.pv.event", "not a number")]
    [InlineData("pv: { perDay: 3M, perMachine: 0 }", "load.pv.perMachine", "zero")]
    [InlineData("pv: { perDay: 1000000M, requestsPerPage: 100 }", "load.pv", "requests per second")]
    public void A_wrong_load_is_refused_at_its_field(string load, string field, string message)
    {
        var problem = Plans.OnlyProblem(Plans.With(load));

        Assert.Equal(field, problem.Field);
        Assert.Contains(message, problem.Message);
        Assert.Equal(3, problem.Line);
    }

    [Theory]
    [InlineData("gett: /", "gett", "unknown key", "neither a request")]
    [InlineData("think: 1s, get: /", "get", "nothing to do with a pause", "have no request")]
    public void A_step_that_is_no_step_is_refused(string step, string key, params string[] messages)
    {
        var problems = PlanReader.Parse(Plans.With(step: step), "plan.yaml").Problems;

        Assert.Contains(problems, p => p.Field.EndsWith(key, StringComparison.Ordinal));
        Assert.All(messages, m => Assert.Contains(problems, p => p.Message.Contains(m)));
    }

    [Theory]
    [InlineData("get: /, post: /", "post", "second method")]
    [InlineData("get: ", "get", "no value")]
    [InlineData("get: item", "get", "neither a path nor")]
    [InlineData("get: //evil.test/x", "get", "neither a path nor")]
    [InlineData("get: ftp://x/", "get", "not an http")]
    [InlineData("get: 'file:///etc/passwd'", "get", "not an http")]
    [InlineData("get: 'http://user:secret@127.0.0.1/'", "get", "user name or password")]
    [InlineData("get: 'http://user@127.0.0.1/'", "get", "user name or password")]
    [InlineData("get: 'http://127.0.0.1:99999/'", "get", "not a valid URL")]
    [InlineData("get: 'http://127.0.0.1:0/'", "get", "not a valid URL")]
    [InlineData("get: 'http://'", "get", "not a valid URL")]
    [InlineData("get: \"http://127.0.0.1\\u07a2/\"", "get", "host name")]
    [InlineData("get: '/a#b'", "get", "fragment")]
    [InlineData("get: '/a\\b'", "get", "backslash")]
    [InlineData("get: '/{{id}}'", "get", "nothing is named 'id'")]
    [InlineData("post: /, json: { a: [ '{{id}}' ] }", "json.a[0]", "nothing is named")]
    [InlineData("post: /, json: { a: .nan }", "json.a", "number that JSON can't write")]
    [InlineData("post: /, json: { a: 007 }", "json.a", "number that JSON can't write")]
    [InlineData("post: /, json: { a: 1, a: 2 }", "json.a", "twice")]
    [InlineData("post: /, json: '{\"a\":1}'", "json", "a text, not JSON")]
    [InlineData("post: /, json: word", "json", "a text, not JSON")]
    [InlineData("post: /, body: x, json: { a: 1 }", "json", "body and json")]
    [InlineData("post: /, body: [ x ]", "body", "a list")]
    [InlineData("post: /, form: x", "form", "should be a map")]
    [InlineData("get: /, query: [ { a: 1, b: 2 } ]", "query[0]", "not a map with one key")]
    [InlineData("get: /, query: { a: [ 1 ] }", "query.a", "a list")]
    [InlineData("get: /, headers: { 'a b': x }", "headers.a b", "not a header name")]
    [InlineData("get: /, headers: { '': x }", "headers.", "not a header name")]
    [InlineData("get: /, headers: { A: x, a: y }", "headers.a", "twice")]
    [InlineData("get: /, headers: { A: \"x\\r\\nB: y\" }", "headers.A", "line break")]
    [InlineData("get: /, headers: { A: \"x\\0\" }", "headers.A", "NUL")]
    [InlineData("get: /, headers: { A: 商 }", "headers.A", "outside ASCII")]
    [InlineData("get: /, headers: { A: é }", "headers.A", "outside ASCII")]
    [InlineData("get: /, headers: { content-length: 5 }", "headers.content-length", "can't be set")]
    [InlineData("get: /, headers: { Transfer-Encoding: chunked }", "headers.Transfer-Encoding", "can't be set")]
    [InlineData("get: /, headers: { Connection: close }", "headers.Connection", "can't be set")]
    [InlineData("get: /, headers: { X-Pressure-Run: me }", "headers.X-Pressure-Run", "can't be set")]
    [InlineData("get: /, check: {}", "check", "checks nothing")]
    [InlineData("get: /, check: { status: 99 }", "check.status", "not a status")]
    [InlineData("get: /, check: { status: 299..200 }", "check.status", "before it begins")]
    [InlineData("get: /, check: { status: [ 200, x ] }", "check.status[1]", "not a status")]
    [InlineData("get: /, check: { body: '' }", "check.body", "is empty")]
    [InlineData("get: /, check: { bodyMatches: '(' }", "check.bodyMatches", "not a regular expression")]
    [InlineData("get: /, check: { bodyMatches: '(?=x)' }", "check.bodyMatches", "look-around")]
    [InlineData("get: /, check: { bodyMatches: '((a{999}){999}){999}' }", "check.bodyMatches", "too large")]
    [InlineData("get: / }, { think: 5", "steps[1].think", "no unit")]
    [InlineData("get: / }, { think: 5s..2s", "steps[1].think", "before it begins")]
    [InlineData("get: / }, { think: 2h", "steps[1].think", "longer than an hour")]
    [InlineData("get: /, name: a }, { get: /, name: a", "steps[1].name", "already")]
    [InlineData("get: /, name: ''", "name", "empty")]
    [InlineData("get: /, name: \"a\\nb\"", "name", "control character")]
    public void A_wrong_step_is_refused_at_its_field(string step, string field, string message)
    {
        var problem = Plans.OnlyProblem(Plans.With(step: step));

        Assert.EndsWith(field, problem.Field);
        Assert.Contains(message, problem.Message);
        Assert.StartsWith("scenarios[0].steps[", problem.Field);
    }

    [Theory]
    [InlineData("get: /", "get")]
    [InlineData("get: /, query: { a: ", "query")]
    public void A_url_that_is_too_long_is_refused(string step, string field)
    {
        var problem = Plans.OnlyProblem(Plans.With(step: step + new string('a', 70_000) + (field == "query" ? " }" : "")));

        Assert.EndsWith(field, problem.Field);
        Assert.Contains("longer than 8,000", problem.Message);
    }

    [Theory]
    [InlineData("http: { version: 4 }", "http.version", "not one of them")]
    [InlineData("http: { version: 2 }", "http.version", "needs https")]
    [InlineData("http: { timeout: 0s }", "http.timeout", "not from 1ms to 10m")]
    [InlineData("http: { maxConnections: 0 }", "http.maxConnections", "whole number")]
    [InlineData("http: { keepAlive: yes }", "http.keepAlive", "none of true, false and iteration")]
    [InlineData("http: { keepAlive: [ 1 ] }", "http.keepAlive", "is a list")]
    [InlineData("http: { keepAlive: { } }", "http.keepAlive", "no limit")]
    [InlineData("http: { keepAlive: { requests: 0 } }", "http.keepAlive.requests", "whole number")]
    [InlineData("http: { keepAlive: { idel: 5s } }", "http.keepAlive.idel", "unknown key")]
    [InlineData("http: { redirects: -1 }", "http.redirects", "from 0 to 50")]
    [InlineData("http: { compression: gzip }", "http.compression", "neither true nor false")]
    [InlineData("http: { cookies: always }", "http.cookies", "not one of them")]
    [InlineData("http: { cookies: user }", "http.cookies", "no users")]
    [InlineData("hosts: [ web 1 ]", "hosts[0]", "no name of a host")]
    [InlineData("seed: 1.5", "seed", "whole number")]
    [InlineData("data: [ { file: x.csv } ]", "data[0].file", "can't be read here")]
    [InlineData("chaos: [ x.yaml ]", "chaos[0]", "can't be read here")]
    [InlineData("thresholds: [ p(95) < 5ms ]", "thresholds[0]", "not a map with one key")]
    [InlineData("thresholds: [ { http_req_duraton: p(95) < 5ms } ]", "thresholds[0]", "not a threshold")]
    [InlineData("thresholds: { http_reqs: count > 5 }", "thresholds", "should be a list")]
    [InlineData("name: again", "name", "twice")]
    [InlineData("? [ a ]\n: b", "", "key is a list")]
    public void A_wrong_setting_is_refused_at_its_field(string more, string field, string message)
    {
        var problem = Plans.OnlyProblem(Plans.With(more: more));

        Assert.Equal(field, problem.Field);
        Assert.Contains(message, problem.Message);
    }

    [Theory]
    [InlineData("http_req_duration{name:nobody}", "max < 5s", "No request of the plan has name 'nobody'; there are: ")]
    [InlineData("http_reqs{method:POST}", "count > 5", "there are: GET.")]
    public void A_threshold_whose_tags_name_no_request_is_refused(string metric, string expression, string remedy)
    {
        var problem = Plans.OnlyProblem(Plans.With(more: $"thresholds: [ {{ http_reqs: count > 0 }}, {{ \"{metric}\": {expression} }} ]"));

        Assert.Equal("thresholds[1]", problem.Field);
        Assert.Contains("looks at nothing", problem.Message);
        Assert.Contains(remedy, problem.Remedy);
    }

    [Fact]
    public void A_threshold_for_a_request_that_is_wrong_itself_is_not_a_second_problem() =>
        Assert.Equal("scenarios[0].steps[0].name", Plans.OnlyProblem("""
            name: x
            target: http://127.0.0.1
            load: { rate: 1/s }
            scenarios: [ { steps: [ { get: /, name: "" } ] } ]
            thresholds: [ { "http_reqs{name:order}": count > 0 } ]
            """).Field);

    [Theory]
    [InlineData("127.0.0.1:5080", "not an http")]
    [InlineData("localhost:5080", "not an http")]
    [InlineData("http://127.0.0.1/?a=1", "has a query")]
    [InlineData("http://me:pw@127.0.0.1/", "user name or password")]
    public void A_wrong_target_is_refused(string target, string message)
    {
        var problem = Plans.OnlyProblem(Plans.With().Replace("http://127.0.0.1:5080", target));

        Assert.Equal("target", problem.Field);
        Assert.Contains(message, problem.Message);
    }

    [Theory]
    [InlineData("scenarios: []", "scenarios", "empty")]
    [InlineData("scenarios: { get: / }", "scenarios", "should be a list")]
    [InlineData("scenarios: [ { name: a } ]", "scenarios[0].steps", "missing")]
    [InlineData("scenarios: [ { steps: [] } ]", "scenarios[0].steps", "empty")]
    [InlineData("scenarios: [ { steps: [ { think: 1s } ] } ]", "scenarios[0].steps", "no request")]
    [InlineData("scenarios: [ { name: a, steps: [ { get: / } ] }, { name: a, steps: [ { get: / } ] } ]", "scenarios[1].name", "already")]
    [InlineData("scenarios: [ { weight: -1, steps: [ { get: / } ] } ]", "scenarios[0].weight", "not a number above 0")]
    public void A_wrong_scenario_is_refused(string scenarios, string field, string message)
    {
        var problem = Plans.OnlyProblem($"name: x\ntarget: http://127.0.0.1\nload: {{ rate: 1/s }}\n{scenarios}");

        Assert.Equal(field, problem.Field);
        Assert.Contains(message, problem.Message);
    }
}
