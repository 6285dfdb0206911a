namespace Pressure.Mirror.Tests;

public class PathPatternTests
{
    [Theory]
    [InlineData("/a", "/a", true)]
    [InlineData("/a", "/a/", false)]
    [InlineData("/api/*", "/api/x/y", true)]
    [InlineData("/api/*", "/api/", true)]
    [InlineData("/api/*", "/apix", false)]
    [InlineData("*", "", true)]
    [InlineData("*.js", "/a/b.js", true)]
    [InlineData("*.js", "/a/b.json", false)]
    [InlineData("/a*a", "/a", false)]
    [InlineData("/*/item/*/x", "/v1/item/7/x", true)]
    [InlineData("/*/item/*/x", "/v1/item/x", false)]
    [InlineData("/*ab*ab*", "/xababy", true)]
    [InlineData("/*ab*ab*", "/xaby", false)]
    [InlineData("!/admin/*", "/admin/x", true)]
    public void A_star_stands_for_anything(string pattern, string path, bool matches) =>
        Assert.Equal(matches, new PathPattern(pattern).Matches(path));

    [Fact]
    public void A_long_path_and_many_stars_take_no_long_time()
    {
        var pattern = new PathPattern(string.Concat(Enumerable.Repeat("*a", 200)) + "*b");

        Assert.False(pattern.Matches(new string('a', 60_000)));
    }
}
