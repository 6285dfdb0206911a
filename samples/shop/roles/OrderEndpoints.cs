namespace Shop;

/// <summary>Takes orders and numbers them.</summary>
internal sealed class OrderEndpoints
{
    private long _last;

    public void Map(WebApplication app) =>
        app.MapPost("/order", (Choice choice) => Catalogue.TryGet(choice.Item, out var item)
            ? Results.Json(new Order(Interlocked.Increment(ref _last), item.Id, item.Price), statusCode: StatusCodes.Status201Created)
            : Catalogue.NotFound(choice.Item));
}
