using System.Net;
using System.Text.RegularExpressions;
using Pressure.TestKit;

namespace Pressure.Web.Tests;

public sealed partial class AssetTests
{
    [Fact]
    public async Task Every_asset_that_a_page_asks_for_is_served_from_whatever_program_hosts_the_service()
    {
        using var temp = new TempFolder();
        await using var service = await RunningService.StartAsync(temp);
        var pages = await service.PageAsync("/") + await service.PageAsync("/new") + "\"/assets/live.js\" \"/assets/charts.js\" \"/assets/echarts.min.js\"";
        var assets = Asset().Matches(pages).Select(m => m.Groups[1].Value).Distinct().ToList();
        Assert.True(assets.Count >= 8, string.Join(" ", assets));
        foreach (var asset in assets)
        {
            var answer = await service.GetAsync(asset);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.NotEqual(0, answer.Content.Headers.ContentLength);
            Assert.NotNull(answer.Headers.ETag);
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/new")]
    [InlineData("/assets/app.css")]
    [InlineData("/healthz")]
    [InlineData("/api/runs")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/runs/nothing")]
    public async Task HEAD_is_answered_like_GET_without_a_body(string path)
    {
        using var temp = new TempFolder();
        await using var service = await RunningService.StartAsync(temp);
        using var head = new HttpRequestMessage(HttpMethod.Head, path);
        var (got, asked) = (await service.GetAsync(path), await service.SendAsync(head));
        Assert.Equal((got.StatusCode, got.Content.Headers.ContentType), (asked.StatusCode, asked.Content.Headers.ContentType));
        Assert.Equal("", await asked.TextAsync());
    }

    [GeneratedRegex("\"(/assets/[^\"]+)\"")]
    private static partial Regex Asset();
}
