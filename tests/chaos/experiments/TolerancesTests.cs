using System.Text.Json.Nodes;

namespace Pressure.Chaos.Tests.Experiments;

public sealed class TolerancesTests
{
    [Theory]
    // One value.
    [InlineData("200", "200", true)]
    [InlineData("200", "201", false)]
    [InlineData("200", """{ "status": 200 }""", true)]
    [InlineData("200", """{ "status": 503 }""", false)]
    [InlineData("200.0", "200", true)]
    [InlineData("true", "true", true)]
    [InlineData("true", "false", false)]
    [InlineData("true", "1", true)]
    [InlineData("1", "true", true)]
    [InlineData("true", "2", false)]
    [InlineData("true", """{ "status": true }""", false)]
    [InlineData("\"up\"", "\"up\"", true)]
    [InlineData("\"up\"", "\"down\"", false)]
    [InlineData("\"up\"", """{ "status": "up" }""", false)]
    [InlineData("0", "null", false)]
    // A list: membership, a range when it is a pair, membership again when the result has a status.
    [InlineData("[200, 404]", """{ "status": 404 }""", true)]
    [InlineData("[200, 404]", """{ "status": 301 }""", false)]
    [InlineData("[200, 404]", "301", true)]
    [InlineData("[200, 404]", "404", true)]
    [InlineData("[200, 404]", "405", false)]
    [InlineData("[200, 404, 500]", "301", false)]
    [InlineData("[200, 404, 500]", "500", true)]
    [InlineData("[200]", "200", true)]
    [InlineData("[\"a\", \"f\"]", "\"c\"", true)]
    [InlineData("[\"a\", \"f\"]", "\"g\"", false)]
    [InlineData("[1, 2]", "\"1\"", false)]
    [InlineData("[1, 2]", "{}", false)]
    // A range.
    [InlineData("""{ "type": "range", "range": [4, 9] }""", "9", true)]
    [InlineData("""{ "type": "range", "range": [4, 9] }""", "\"4.5\"", true)]
    [InlineData("""{ "type": "range", "range": [4, 9] }""", "9.01", false)]
    [InlineData("""{ "type": "range", "range": [4, 9] }""", "\"many\"", false)]
    [InlineData("""{ "type": "range", "range": [4, 9], "target": "body" }""", """{ "status": 200, "body": 5 }""", true)]
    [InlineData("""{ "type": "range", "range": [4, 9] }""", """{ "status": 5 }""", false)]
    // A regular expression: found anywhere.
    [InlineData("""{ "type": "regex", "pattern": "o.k" }""", "\"look, o-k\"", true)]
    [InlineData("""{ "type": "regex", "pattern": "^k" }""", "\"ok\"", false)]
    [InlineData("""{ "type": "regex", "pattern": "^(?P<a>x)(?P=a)$", "target": "stdout" }""", """{ "status": 0, "stdout": "xx" }""", true)]
    [InlineData("""{ "type": "regex", "pattern": "4" }""", "4", false)]
    // A path.
    [InlineData("""{ "type": "jsonpath", "path": "$.items[1].id", "expect": 7 }""", """{ "items": [ { "id": 1 }, { "id": 7 } ] }""", true)]
    [InlineData("""{ "type": "jsonpath", "path": "$.items[1].id", "expect": 8 }""", """{ "items": [ { "id": 1 }, { "id": 7 } ] }""", false)]
    [InlineData("""{ "type": "jsonpath", "path": "$.items[*].id", "expect": [1, 7] }""", """{ "items": [ { "id": 1 }, { "id": 7 } ] }""", true)]
    [InlineData("""{ "type": "jsonpath", "path": "$.items[*]", "count": 2 }""", """{ "items": [ {}, {} ] }""", true)]
    [InlineData("""{ "type": "jsonpath", "path": "$.items[*]", "count": 3 }""", """{ "items": [ {}, {} ] }""", false)]
    [InlineData("""{ "type": "jsonpath", "path": "$.a", "target": "body" }""", """{ "status": 200, "body": "{ \"a\": 1 }" }""", true)]
    [InlineData("""{ "type": "jsonpath", "path": "$['a b']" }""", """{ "a b": null }""", true)]
    [InlineData("""{ "type": "jsonpath", "path": "$.b" }""", """{ "a": 1 }""", false)]
    [InlineData("""{ "type": "jsonpath", "path": "$.a" }""", "\"no json\"", false)]
    public void A_value_is_judged_as_the_formats_code_judges_it(string tolerance, string value, bool will) =>
        Assert.Equal(will, Tolerances.Problem(JsonNode.Parse(tolerance), JsonNode.Parse(value)) is null);

    [Theory]
    [InlineData("503", """{ "status": 200 }""", "it is 200, not 503")]
    [InlineData("[1, 2]", "7", "7 is not from 1 to 2")]
    [InlineData("[0, 0.01]", "0.03237410071942446", "0.03237 is not from 0 to 0.01")]
    [InlineData("[0, 0.01]", "0.010000001", "0.010000001 is not from 0 to 0.01")]
    [InlineData("[1, 2, 3]", "7", "7 is none of 1, 2, 3")]
    [InlineData("""{ "type": "regex", "pattern": "ok" }""", "{}", "{} is no text; a target says which part of the result is meant")]
    public void What_does_not_do_is_explained(string tolerance, string value, string why) =>
        Assert.Equal(why, Tolerances.Problem(JsonNode.Parse(tolerance), JsonNode.Parse(value)));

    [Theory]
    [InlineData("""{ "status": 0, "stdout": "" }""", true)]
    [InlineData("""{ "status": 1, "stdout": "yes" }""", false)]
    [InlineData("""{ "status": 204 }""", true)]
    [InlineData("""{ "status": 404 }""", false)]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("0", false)]
    [InlineData("\"\"", false)]
    [InlineData("null", false)]
    public void A_judging_probe_says_yes_only_when_it_succeeds(string value, bool yes) => Assert.Equal(yes, Tolerances.SaysYes(JsonNode.Parse(value)));

    [Fact]
    public void An_expression_that_takes_for_ever_is_given_up() =>
        Assert.Contains("takes too long", Tolerances.Problem(JsonNode.Parse("""{ "type": "regex", "pattern": "^(a+)+$" }"""), new string('a', 60) + "!"));
}
