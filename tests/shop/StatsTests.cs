using System.Net.Http.Json;
using System.Text.Json;

namespace Shop.Tests;

public class StatsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Counts_per_endpoint_and_status_are_the_truth_at_every_service()
    {
        await using var shop = await ShopHost.StartAsync(new ShopOptions());
        using var http = new HttpClient { BaseAddress = shop.GatewayUrl };
        for (var id = 999; id <= 1002; id++)
            (await http.GetAsync($"/item/{id}", Stop)).Dispose();
        (await http.GetAsync("/health", Stop)).Dispose();

        var gateway = shop.Stats()[ShopRole.Gateway];
        var item = shop.Stats()[ShopRole.Item].Endpoints["GET /item/{id}"];

        Assert.Equal(5, gateway.Received);
        Assert.Equal(1, gateway.Endpoints["GET /health"].Received);
        Assert.Equal(4, item.Received);
        Assert.Equal(new Dictionary<int, long> { [200] = 2, [404] = 2 }, item.Statuses);
    }

    [Fact]
    public async Task The_mark_of_a_run_is_passed_on_and_counted_behind_the_gateway()
    {
        await using var shop = await ShopHost.StartAsync(new ShopOptions());
        using var http = new HttpClient { BaseAddress = shop.GatewayUrl };
        http.DefaultRequestHeaders.Add("X-Pressure-Run", "r1");

        (await http.GetAsync("/cart/a", Stop)).Dispose();

        Assert.Equal(1, shop.Stats()[ShopRole.Cart].Endpoints["GET /cart/{user}"].Marked);
    }

    [Fact]
    public async Task A_reset_over_http_starts_all_counts_afresh()
    {
        await using var shop = await ShopHost.StartAsync(new ShopOptions { Roles = [ShopRole.Cart] });
        using var http = new HttpClient { BaseAddress = shop.Url(ShopRole.Cart) };
        (await http.GetAsync("/cart/a", Stop)).Dispose();

        (await http.PostAsync("/_stats/reset", null, Stop)).Dispose();

        var stats = await http.GetFromJsonAsync<JsonElement>("/_stats", Stop);
        Assert.Equal("cart", stats.GetProperty("role").GetString());
        Assert.Equal(0, stats.GetProperty("received").GetInt64());
    }
}
