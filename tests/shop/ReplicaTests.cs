using System.Net;

namespace Shop.Tests;

public class ReplicaTests
{
    [Fact]
    public async Task Instances_take_turns_and_the_gateway_does_not_hide_one_that_is_gone()
    {
        await using var services = await ShopHost.StartAsync(new ShopOptions { Roles = [ShopRole.Item, ShopRole.Cart, ShopRole.Order] });
        await using var second = await ShopHost.StartAsync(new ShopOptions { Roles = [ShopRole.Item] });
        await using var gateway = await ShopHost.StartAsync(new ShopOptions
        {
            Roles = [ShopRole.Gateway],
            Elsewhere = services.Urls,
            Replicas = new Dictionary<ShopRole, IReadOnlyList<Uri>> { [ShopRole.Item] = [second.Url(ShopRole.Item)] },
        });
        using var http = new HttpClient { BaseAddress = gateway.GatewayUrl };

        Assert.All(await TenAsync(http), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(5, second.Stats()[ShopRole.Item].Received);

        await second.StopAsync(ShopRole.Item);
        var statuses = await TenAsync(http);
        Assert.Equal((5, 5), (statuses.Count(s => s == HttpStatusCode.OK), statuses.Count(s => s == HttpStatusCode.BadGateway)));
    }

    private static async Task<List<HttpStatusCode>> TenAsync(HttpClient http)
    {
        List<HttpStatusCode> statuses = [];
        for (var i = 0; i < 10; i++)
        {
            using var response = await http.GetAsync("/item/7", TestContext.Current.CancellationToken);
            statuses.Add(response.StatusCode);
        }
        return statuses;
    }
}
