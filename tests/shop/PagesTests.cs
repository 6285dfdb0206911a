using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Shop.Tests;

public sealed class PagesTests : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private ShopHost _shop = null!;

    public async ValueTask InitializeAsync()
    {
        _shop = await ShopHost.StartAsync(new ShopOptions());
        _http.BaseAddress = _shop.GatewayUrl;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _shop.DisposeAsync();
    }

    [Theory]
    [InlineData("/", HttpStatusCode.OK)]
    [InlineData("/item/1", HttpStatusCode.OK)]
    [InlineData("/item/1000", HttpStatusCode.OK)]
    [InlineData("/item/1001", HttpStatusCode.NotFound)]
    [InlineData("/item/first", HttpStatusCode.BadRequest)]
    [InlineData("/cart/somebody", HttpStatusCode.OK)]
    [InlineData("/health", HttpStatusCode.OK)]
    [InlineData("/elsewhere", HttpStatusCode.NotFound)]
    public async Task The_gateway_answers_each_page_with_its_status(string path, HttpStatusCode expected)
    {
        using var response = await _http.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task The_chat_says_again_what_it_heard()
    {
        using var socket = new System.Net.WebSockets.ClientWebSocket();
        var cancel = TestContext.Current.CancellationToken;
        await socket.ConnectAsync(new UriBuilder(_shop.GatewayUrl) { Scheme = "ws", Path = "/chat" }.Uri, cancel);

        await socket.SendAsync("hello"u8.ToArray(), System.Net.WebSockets.WebSocketMessageType.Text, endOfMessage: true, cancel);
        var buffer = new byte[100];
        var heard = await socket.ReceiveAsync(buffer, cancel);
        await socket.CloseAsync(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, null, cancel);

        Assert.Equal("hello", System.Text.Encoding.UTF8.GetString(buffer, 0, heard.Count));
        Assert.Equal(1, _shop.Stats()[ShopRole.Gateway].Endpoints["GET /chat"].Statuses[101]);
    }

    [Fact]
    public async Task A_Chinese_query_finds_items_by_their_Chinese_names()
    {
        var page = await _http.GetFromJsonAsync<JsonElement>($"/search?q={Uri.EscapeDataString("绿茶壶")}", TestContext.Current.CancellationToken);

        Assert.Equal(10, page.GetProperty("total").GetInt32());
        Assert.All(page.GetProperty("items").EnumerateArray(), i => Assert.StartsWith("绿茶壶", i.GetProperty("chineseName").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cart_keeps_what_was_put_into_it()
    {
        await _http.PostAsJsonAsync("/cart/小明", new { item = 7 }, TestContext.Current.CancellationToken);
        await _http.PostAsJsonAsync("/cart/小明", new { item = "8" }, TestContext.Current.CancellationToken);

        var cart = await _http.GetFromJsonAsync<JsonElement>("/cart/小明", TestContext.Current.CancellationToken);

        Assert.Equal("小明", cart.GetProperty("user").GetString());
        Assert.Equal([7, 8], cart.GetProperty("items").EnumerateArray().Select(i => i.GetInt32()));
    }

    [Theory]
    [InlineData("{\"item\":3}", HttpStatusCode.Created)]
    [InlineData("{\"item\":0}", HttpStatusCode.NotFound)]
    [InlineData("{item", HttpStatusCode.BadRequest)]
    [InlineData("", HttpStatusCode.BadRequest)]
    public async Task An_order_is_taken_or_refused_by_what_it_says(string body, HttpStatusCode expected)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        using var response = await _http.PostAsync("/order", content, TestContext.Current.CancellationToken);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task A_service_that_was_stopped_shows_as_502_at_the_gateway_and_leaves_the_others_alone()
    {
        await _shop.StopAsync(ShopRole.Order);

        using var order = await _http.PostAsJsonAsync("/order", new { item = 1 }, TestContext.Current.CancellationToken);
        using var item = await _http.GetAsync("/item/1", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadGateway, order.StatusCode);
        Assert.Contains("Order", await order.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, item.StatusCode);
    }
}
