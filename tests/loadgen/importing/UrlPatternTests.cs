using Pressure.LoadGen.Importing;

namespace Pressure.LoadGen.Tests.Importing;

public sealed class UrlPatternTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/item/42", "/item/{id}")]
    [InlineData("/item/42/", "/item/{id}/")]
    [InlineData("/1/2/3", "/{id}/{id}/{id}")]
    [InlineData("/v1/users", "/v1/users")]
    [InlineData("/order/3f2504e0-4f89-41d3-9a0c-0305e82c3301", "/order/{uuid}")]
    [InlineData("/f/d41d8cd98f00b204e9800998ecf8427e", "/f/{hash}")]
    [InlineData("/f/deadbeefdeadbeef", "/f/deadbeefdeadbeef")]
    [InlineData("/f/a1B2c3D4e5F6g7H8i9J0", "/f/{hash}")]
    [InlineData("/p/green-tea-48213", "/p/{slug}")]
    [InlineData("/p/2024-05-01", "/p/{slug}")]
    [InlineData("/p/top-10", "/p/top-10")]
    [InlineData("/a-very-long-title-without-any-number", "/a-very-long-title-without-any-number")]
    [InlineData("/s?q=tea&page=2", "/s?q&page")]
    [InlineData("/s?42", "/s?{id}")]
    [InlineData("/s?&a=1&&b", "/s?a&b")]
    [InlineData("/s?", "/s")]
    [InlineData("", "")]
    public void Urls_of_a_kind_have_one_pattern(string url, string pattern) => Assert.Equal(pattern, UrlPattern.Of(url));

    [Fact]
    public void A_query_with_many_names_is_cut() =>
        Assert.Equal(16, UrlPattern.Of("/?" + string.Join('&', Enumerable.Range(0, 100).Select(i => $"n{i}=1"))).Split('&').Length);
}
