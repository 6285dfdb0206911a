using System.Text;

namespace Pressure.TrafficCopy.Tests;

public class JsonComparisonTests
{
    [Theory]
    [InlineData("""{"a":1,"b":2}""", """{ "b" : 2, "a" : 1 }""")]
    [InlineData("[1, 1.0, 10e-1, 0, -0.0, 1e400]", "[1.00, 1, 1E0, 0e9, 0, 10e399]")]
    [InlineData("""{"a":"\u00e9\n"}""", """{"\u0061":"é\u000a"}""")]
    [InlineData("""{"a":1,"a":2}""", """{"a":2}""")]
    [InlineData("12345678901234567890123456789012345678901234567890.10", "12345678901234567890123456789012345678901234567890.1")]
    public void Json_that_means_the_same_does_not_differ(string expected, string actual) => Assert.Empty(Compare(expected, actual));

    [Theory]
    [InlineData("""{"a":{"b":1}}""", """{"a":{"b":2}}""", "$.a.b changed: 1 -> 2")]
    [InlineData("""{"a":1}""", """{"b":1}""", "$.a missing: 1 -> -", "$.b added: - -> 1")]
    [InlineData("""{"a":1}""", """{"a":"1"}""", "$.a type: 1 -> \"1\"")]
    [InlineData("""{"a":1}""", """{"a":null}""", "$.a type: 1 -> null")]
    [InlineData("""{"a":null}""", "{}", "$.a missing: null -> -")]
    [InlineData("""{"a":true}""", """{"a":false}""", "$.a changed: true -> false")]
    [InlineData("1", "2", "$ changed: 1 -> 2")]
    [InlineData("12345678901234567890123456789012345678901234567890", "12345678901234567890123456789012345678901234567891",
        "$ changed: 12345678901234567890123456789012345678901234567890 -> 12345678901234567890123456789012345678901234567891")]
    [InlineData("""{"a b":{"c":1}}""", """{"a b":{"c":2}}""", "$['a b'].c changed: 1 -> 2")]
    [InlineData("""{"users":{"17":{"name":"a"}}}""", """{"users":{"17":{"name":"b"}}}""", """$.users.*.name changed: "a" -> "b" """)]
    public void A_difference_is_told_by_path_and_kind(string expected, string actual, params string[] found) =>
        Assert.Equal(found.Select(f => f.TrimEnd()), Compare(expected, actual));

    [Theory]
    [InlineData("[1,2,3]", "[1,9,3]", "$[*] changed: 2 -> 9")]
    [InlineData("[1,2,3]", "[3,1,2]", "$ order: [1, 2, 3] -> [3, 1, 2]")]
    [InlineData("[1,2,3]", "[1,2,3,4]", "$ length: 3 -> 4 (+ 4)")]
    [InlineData("[1,2,3]", "[0,1,2,3]", "$ length: 3 -> 4 (+ 0)")]
    [InlineData("[1,[],3,4]", "[1,4]", "$ length: 4 (+ []) -> 2")]
    [InlineData("[1,2,3,4]", "[0,1,2,3]", "$[*] added: - -> 0", "$[*] missing: 4 -> -")]
    [InlineData("""[{"id":1,"p":5},{"id":2,"p":6}]""", """[{"id":0,"p":9},{"id":1,"p":5},{"id":2,"p":7}]""", """$ length: 2 -> 3 (+ {"id":0,"p":9})""", "$[*].p changed: 6 -> 7")]
    [InlineData("""[{"id":1,"p":5},{"id":2,"p":6}]""", """[{"id":1,"p":1},{"id":2,"p":2}]""", "$[*].p changed: 5 -> 1")]
    public void Lists_are_compared_by_place_unless_elements_came_or_went(string expected, string actual, params string[] found) =>
        Assert.Equal(found, Compare(expected, actual));

    [Fact]
    public void Ignored_paths_are_passed_over_with_all_that_is_within()
    {
        const string expected = """{"time":1,"items":[{"id":1,"p":5},{"id":2,"p":6}],"deep":{"trace":{"id":7},"x":1},"meta":{"a":1}}""";
        const string actual = """{"time":2,"items":[{"id":3,"p":5},{"id":4,"p":6}],"deep":{"trace":{"id":8},"x":1},"meta":{"b":[]}}""";

        Assert.Equal(5, Compare(expected, actual).Count);
        Assert.Empty(Compare(expected, actual, "$.time", "$.items[*].id", "$..trace", "$.meta"));
        Assert.Empty(Compare(expected, actual, "$..id", "$['time']", "$.meta.*"));
        Assert.Empty(Compare(expected, actual, "$"));
        Assert.Contains("$.items[*].id changed: 2 -> 4", Compare(expected, actual, "$.items[0].id"));
    }

    [Fact]
    public void An_ignored_path_matters_neither_to_order_nor_to_what_came() =>
        Assert.Equal(["""$ length: 2 -> 3 (+ {"id":0,"t":3})"""], Compare("""[{"id":1,"t":1},{"id":2,"t":2}]""", """[{"id":0,"t":3},{"id":1,"t":4},{"id":2,"t":5}]""", "$[*].t"));

    [Fact]
    public void An_ignored_path_matters_neither_where_it_is_nor_where_it_is_missing() =>
        Assert.Equal(["""$ length: 2 -> 3 (+ {"id":0})"""], Compare("""[{"id":1,"t":1},{"id":2}]""", """[{"id":0},{"id":1},{"id":2,"t":5}]""", "$[*].t"));

    [Fact]
    public void Long_lists_are_compared_in_time()
    {
        var numbers = Enumerable.Range(0, 300_000).ToArray();
        var shifted = numbers.Select(n => n + 1).ToArray();

        Assert.Equal(["$[*] changed: 0 -> 1"], Compare($"[{string.Join(',', numbers)}]", $"[{string.Join(',', shifted)}]"));
    }

    [Fact]
    public void Lists_within_lists_within_lists_are_compared_in_time()
    {
        static string Nested(int last) => string.Concat(Enumerable.Repeat("[", 60)) + string.Join(',', Enumerable.Range(0, 400_000).Select(i => i % 7)) + $",{last}" + string.Concat(Enumerable.Range(0, 60).Select(i => $",{last}]"));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var found = Compare(Nested(8), Nested(9));

        Assert.Contains(string.Concat("$", string.Concat(Enumerable.Repeat("[*]", 60)), " changed: 8 -> 9"), found);
        // Looked at again for every list around it, it would be sixty times as much.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 500_000_000);
    }

    [Fact]
    public void Many_properties_are_compared_in_time()
    {
        static string Map(int offset) => "{" + string.Join(',', Enumerable.Range(0, 100_000).Select(i => $"\"{i + offset}\":{i}")) + "}";

        Assert.Equal(["$.* missing: 0 -> -", "$.* changed: 1 -> 0", "$.* added: - -> 99999"], Compare(Map(0), Map(1)));
    }

    [Fact]
    public void Json_nested_too_deeply_is_compared_as_text()
    {
        var deep = new string('[', 100_000) + new string(']', 100_000);

        var found = AnswerText.Differences(AnswerText.Json(deep), AnswerText.Json(deep.Replace("[]", "[1]", StringComparison.Ordinal)));

        Assert.Equal(LeftOut.Depth, found.LeftOut);
        Assert.Equal("body", Assert.Single(found.Found).Field);
    }

    [Fact]
    public void Half_surrogates_and_broken_bytes_are_read()
    {
        byte[] broken = [.. "{\"\\ud800\":\""u8, 0xFF, .. "\\udc00\"}"u8];

        var found = AnswerText.Differences(AnswerText.Of(200, broken, "Content-Type: application/json"), AnswerText.Json("{}"));

        var difference = Assert.Single(found.Found);
        Assert.DoesNotContain(difference.Field + difference.Expected, char.IsSurrogate);
    }

    [Fact]
    public void Json_is_told_by_what_it_is_where_nothing_says_so()
    {
        Assert.Equal(["$.a changed: 1 -> 2"], AnswerText.Compare(AnswerText.Of("""{"a":1}"""), AnswerText.Of(""" {"a":2}""")));
        Assert.Equal(["body changed: 5/7: {'a':1} -> 5/7: {'a':2}"], AnswerText.Compare(AnswerText.Json("{'a':1}"), AnswerText.Json("{'a':2}")));
    }

    private static IReadOnlyList<string> Compare(string expected, string actual, params string[] ignore) =>
        AnswerText.Compare(AnswerText.Of(200, Encoding.UTF8.GetBytes(expected), "Content-Type: application/json"), AnswerText.Of(200, Encoding.UTF8.GetBytes(actual), "Content-Type: application/json"), ignore);
}
