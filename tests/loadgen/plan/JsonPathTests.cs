using System.Text;
using Pressure.LoadGen.Engine;

namespace Pressure.LoadGen.Tests;

public sealed class JsonPathTests
{
    [Theory]
    [InlineData("$.a", """{"a":"x"}""", "x")]
    [InlineData("$", "7", "7")]
    [InlineData("$.a.b[1]", """{"z":[{"b":0}],"a":{"c":{"b":1},"b":[[9],true,3]}}""", "true")]
    [InlineData("$['a b'].c", """{"a b":{"c":1.50}}""", "1.50")]
    [InlineData("$[\"a\"]", """{"\u0061":"\u5546\n"}""", "商\n")]
    [InlineData("$.商品", """{"商品":{"a": [1, 2]}}""", """{"a": [1, 2]}""")]
    [InlineData("$[0]", "[ [1], 2 ]", "[1]")]
    [InlineData("$.a", """{"a":null}""", null)]
    [InlineData("$.a", """{"b":{"a":1}}""", null)]
    [InlineData("$[2]", "[1,2]", null)]
    [InlineData("$.a", "[1]", null)]
    [InlineData("$[0]", """{"0":1}""", null)]
    [InlineData("$.a", """{"b":1""", null)]
    [InlineData("$.a", """{"a":1,"b":""", "1")]
    [InlineData("$.a", "<html>", null)]
    [InlineData("$.a", """{"a":{"b":}}""", null)]
    [InlineData("$.a", "", null)]
    [InlineData("$", "", null)]
    public void A_path_leads_to_one_value(string text, string json, string? value)
    {
        Assert.Null(JsonPath.Parse(text, out var path));
        var scope = new IterationScope(() => default);
        var leaf = new Expression.Variable(0);

        Assert.Equal(value is not null, JsonValue.TryTake(path!, Encoding.UTF8.GetBytes(json), scope, 0));
        Assert.Equal(value, scope.Has(leaf) ? Encoding.UTF8.GetString(scope.ValueOf(leaf)) : null);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("")]
    [InlineData("$..a")]
    [InlineData("$.a[*]")]
    [InlineData("$.a[-1]")]
    [InlineData("$.")]
    [InlineData("$.a\n")]
    [InlineData("$[999999999]")]
    public void What_does_not_name_exactly_one_value_is_no_path(string text) => Assert.NotNull(JsonPath.Parse(text, out _));

    [Theory]
    [InlineData("true", false, "true", true)]
    [InlineData("true", true, "true", false)]
    [InlineData("\"true\"", true, "true", true)]
    [InlineData("1.0", false, "1", true)]
    [InlineData("1.1", false, "1", false)]
    [InlineData("\"1\"", false, "1", false)]
    [InlineData("null", false, null, true)]
    [InlineData("0", false, null, false)]
    [InlineData("[1]", false, "1", false)]
    public void Values_are_compared_as_json_types_them(string json, bool isText, string? value, bool holds)
    {
        JsonPath.Parse("$.a", out var path);

        Assert.Equal(holds, JsonValue.Holds(new Check.Json(path!, value, isText), Encoding.UTF8.GetBytes($"{{\"a\":{json}}}")));
    }
}
