using Pressure.Cli.Replay;

namespace Pressure.Cli.Tests;

public sealed class ReplayRulesTests
{
    [Theory]
    [InlineData("^/v1/=/v2/", "^/v1/", "/v2/")]
    [InlineData("a=b=c", "a", "b=c")]
    [InlineData("x=", "x", "")]
    [InlineData("s|^/a=1|/b|", "^/a=1", "/b")]
    [InlineData("s#a#b#", "a", "b")]
    [InlineData("s,a,,", "a", "")]
    [InlineData("search=find", "search", "find")]
    public void Rewrites_are_read(string text, string pattern, string replacement)
    {
        Assert.Null(ReplayRules.Rewrite(text, out var rule));
        Assert.Equal((pattern, replacement), (rule.Key, rule.Value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("=x")]
    [InlineData("nothing")]
    [InlineData("s|a|")]
    [InlineData("s|a|b|c|")]
    [InlineData("s|||")]
    public void What_is_no_rewrite_gets_an_example(string text) => Assert.Contains("--rewrite", ReplayRules.Rewrite(text, out _));

    [Theory]
    [InlineData("json:$.token", "json", "$.token", null)]
    [InlineData("header: X-Csrf", "header", "X-Csrf", null)]
    [InlineData("regex:a:(b)", "regex", "a:(b)", null)]
    [InlineData("json:$.a => Authorization: Bearer {}", "json", "$.a", "Authorization: Bearer {}")]
    public void Carried_values_are_read(string text, string source, string value, string? into)
    {
        Assert.Null(ReplayRules.Carry(text, out var rule));
        Assert.Equal((source, value, into), rule);
    }

    [Theory]
    [InlineData("$.token")]
    [InlineData("cookie:x")]
    [InlineData("")]
    public void What_is_no_carried_value_gets_an_example(string text) => Assert.Contains("--carry", ReplayRules.Carry(text, out _));

    [Fact]
    public void Fields_parameters_and_criteria_are_read()
    {
        Assert.Null(ReplayRules.Field("X-A: b: c", out var field));
        Assert.Equal(("X-A", "b: c"), (field.Key, field.Value));
        Assert.Null(ReplayRules.Parameter("a=b=c", out var parameter));
        Assert.Equal(("a", "b=c"), (parameter.Key, parameter.Value));
        Assert.Null(ReplayRules.Threshold("http_req_duration{name:GET /a}: p(95) < 1s", out var threshold));
        Assert.Equal(("http_req_duration{name:GET /a}", "p(95) < 1s"), threshold);
        Assert.NotNull(ReplayRules.Field("X-A", out _));
        Assert.NotNull(ReplayRules.Parameter("=b", out _));
        Assert.NotNull(ReplayRules.Threshold("p(95)", out _));
    }
}
