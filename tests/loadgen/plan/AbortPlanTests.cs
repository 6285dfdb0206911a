namespace Pressure.LoadGen.Tests;

public sealed class AbortPlanTests
{
    [Fact]
    public void Rules_are_read_with_their_window_and_their_delay()
    {
        var plan = Plans.Read(Plans.With("rate: 10/s, duration: 2m, warmUp: 5s", more: """
            abort:
              - { when: { http_req_failed: rate > 50% } }
              - { when: { "http_req_duration{name:GET /}": p(95) > 5s }, over: 30s, after: 1m }
              - when: { host_cpu: max > 90% }
                over: 5s
                after: 0s
            """));

        Assert.Equal(["http_req_failed: rate > 50%", "http_req_duration{name:GET /}: p(95) > 5s", "host_cpu: max > 90%"], plan.Abort.Select(r => r.When.ToString()));
        Assert.Equal([10, 30, 5], plan.Abort.Select(r => r.Over.TotalSeconds));
        // Not said: once the window lies behind the warm-up.
        Assert.Equal([15, 60, 0], plan.Abort.Select(r => r.After.TotalSeconds));
    }

    [Theory]
    [InlineData("{ when: { http_req_faild: rate > 50% } }", "abort[0].when", "did you mean 'http_req_failed'")]
    [InlineData("{ when: { http_req_failed: p(95) > 50% } }", "abort[0].when", "it has rate")]
    [InlineData("{ when: { 'http_req_failed{name:nobody}': rate > 50% } }", "abort[0].when", "there are: GET /")]
    [InlineData("{ when: 'http_req_failed: rate > 50%' }", "abort[0].when", "when: { http_req_failed: rate > 50% }")]
    [InlineData("{ over: 10s }", "abort[0].when", "is missing")]
    [InlineData("{ when: { http_req_failed: rate > 50% }, over: 500ms }", "abort[0].over", "not from 1s to 60m")]
    [InlineData("{ when: { http_req_failed: rate > 50% }, over: 1500ms }", "abort[0].over", "whole number of seconds")]
    [InlineData("{ when: { http_req_failed: rate > 50% }, over: 60s }", "abort[0].over", "never looked at")]
    [InlineData("{ when: { http_req_failed: rate > 50% }, after: 2m }", "abort[0].after", "never looked at")]
    [InlineData("{ when: { http_req_failed: rate > 50% }, ovre: 10s }", "abort[0].ovre", "Did you mean 'over'")]
    [InlineData("{ when: { answers_differing: rate > 5% } }", "abort[0].when", "of the run as a whole only")]
    [InlineData("http_req_failed", "abort[0]", "should be a map")]
    public void What_is_wrong_with_a_rule_is_told_with_a_remedy(string rule, string field, string told)
    {
        var problem = Plans.OnlyProblem(Plans.With(more: $"abort: [ {rule} ]"));

        Assert.Equal(field, problem.Field);
        Assert.Contains(told, problem.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("abort: [ { when: { host_cpu: max > 90% } } ]", "abort[0].when")]
    [InlineData("thresholds: [ { host_cpu: max < 90% } ]", "thresholds[0]")]
    public void A_limit_on_hosts_needs_hosts(string more, string field) =>
        Assert.Equal((field, "No host is sampled: write hosts: [ local ]."), Plans.OnlyProblem(Plans.With(more: $"hosts: []\n{more}")) is var p ? (p.Field, p.Remedy) : default);
}
