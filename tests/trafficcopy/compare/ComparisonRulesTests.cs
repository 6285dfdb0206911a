namespace Pressure.TrafficCopy.Tests;

public class ComparisonRulesTests
{
    [Theory]
    [InlineData("$.")]
    [InlineData("$.a[")]
    [InlineData("$.a..b")]
    [InlineData("$[1")]
    [InlineData("heder:Date")]
    [InlineData("header:")]
    [InlineData("header:a b")]
    [InlineData("!header:*")]
    [InlineData("cookie:")]
    [InlineData("body~(")]
    [InlineData("body~(?=x)")]
    [InlineData("")]
    public void A_rule_that_cannot_be_understood_is_told_with_its_place_and_a_remedy(string wrong)
    {
        ComparisonRules.Read(["$.fine", wrong, "status"], out var problems);

        var problem = Assert.Single(problems);
        Assert.Equal(1, problem.Position);
        Assert.NotEmpty(problem.What);
        Assert.Contains("Write", problem.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("body")]
    [InlineData("body~id=[0-9]+")]
    [InlineData("header:Date")]
    [InlineData("header:X-*")]
    [InlineData("!header:ETag")]
    [InlineData("cookie:session")]
    [InlineData("form:token")]
    [InlineData("$")]
    [InlineData("$.items[*].id")]
    [InlineData("$.a[3]['b c'].*[\"d\"]")]
    [InlineData("$..id")]
    [InlineData("$.用户")]
    [InlineData(" $.spaces ")]
    public void Rules_are_understood(string rule)
    {
        ComparisonRules.Read([rule], out var problems);

        Assert.Empty(problems);
    }

    [Fact]
    public void All_problems_are_told_at_once()
    {
        ComparisonRules.Read(["x", "$.", "header:"], out var problems);

        Assert.Equal([0, 1, 2], problems.Select(p => p.Position));
    }
}
