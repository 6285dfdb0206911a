namespace Shop;

/// <summary>The front door: every page costs one request to the service behind it. Several instances of a service take turns, whether they answer or not.</summary>
internal sealed class GatewayEndpoints(IReadOnlyDictionary<ShopRole, IReadOnlyList<Uri>> services) : IDisposable
{
    private static readonly string[] PassedOn = ["X-Pressure-Run", "baggage", "traceparent"];

    private int _turn;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
    })
    { Timeout = TimeSpan.FromSeconds(30) };

    public void Map(WebApplication app)
    {
        app.MapGet("/", context => ForwardAsync(context, ShopRole.Item, HomeAsync, "/items"));
        Pass(app.MapGet, "/item/{id}", ShopRole.Item);
        Pass(app.MapGet, "/search", ShopRole.Item);
        Pass(app.MapGet, "/cart/{user}", ShopRole.Cart);
        Pass(app.MapPost, "/cart/{user}", ShopRole.Cart);
        Pass(app.MapPost, "/order", ShopRole.Order);
    }

    public void Dispose() => _http.Dispose();

    private void Pass(Func<string, RequestDelegate, IEndpointConventionBuilder> map, string route, ShopRole role) =>
        map(route, context => ForwardAsync(context, role, CopyAsync, context.Request.Path.ToUriComponent() + context.Request.QueryString));

    private async Task ForwardAsync(HttpContext context, ShopRole role, Func<HttpContext, HttpResponseMessage, Task> answer, string pathAndQuery)
    {
        try
        {
            using var request = Request(context, new Uri(Next(role), pathAndQuery));
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, context.RequestAborted);
            await answer(context, response);
        }
        catch (HttpRequestException e)
        {
            await FailAsync(context, StatusCodes.Status502BadGateway, $"The {role} service does not answer: {e.HttpRequestError}.");
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            await FailAsync(context, StatusCodes.Status504GatewayTimeout, $"The {role} service did not answer in time.");
        }
    }

    private Uri Next(ShopRole role) =>
        services[role] is [var only] ? only : services[role][(int)((uint)Interlocked.Increment(ref _turn) % services[role].Count)];

    private static HttpRequestMessage Request(HttpContext context, Uri url)
    {
        var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), url);
        if (HttpMethods.IsPost(context.Request.Method))
        {
            request.Content = new StreamContent(context.Request.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", (string?)context.Request.ContentType);
        }

        foreach (var name in PassedOn)
        {
            if (context.Request.Headers.TryGetValue(name, out var values))
                request.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }

        return request;
    }

    private static async Task CopyAsync(HttpContext context, HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsByteArrayAsync(context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static async Task HomeAsync(HttpContext context, HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
        {
            await CopyAsync(context, response);
            return;
        }

        var page = await response.Content.ReadFromJsonAsync<ItemPage>(context.RequestAborted);
        await context.Response.WriteAsJsonAsync(new Home("Pressure's sample shop 示例商店", page!.Items), context.RequestAborted);
    }

    private static Task FailAsync(HttpContext context, int status, string why)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new Refusal(why), context.RequestAborted);
    }
}
