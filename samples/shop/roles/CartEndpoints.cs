using System.Collections.Concurrent;

namespace Shop;

/// <summary>Carts in memory: of each user's cart the latest items; when there are too many users, all carts are emptied.</summary>
internal sealed class CartEndpoints
{
    private const int MostItems = 20;
    private const int MostUsers = 10_000;
    private readonly ConcurrentDictionary<string, IReadOnlyList<int>> _carts = new();

    public void Map(WebApplication app)
    {
        app.MapGet("/cart/{user}", (string user) => new Cart(user, _carts.GetValueOrDefault(user, [])));
        app.MapPost("/cart/{user}", (string user, Choice choice) =>
            Catalogue.TryGet(choice.Item, out var item) ? Results.Json(Add(user, item)) : Catalogue.NotFound(choice.Item));
    }

    private Cart Add(string user, Item item)
    {
        if (_carts.Count >= MostUsers)
            _carts.Clear();
        return new Cart(user, _carts.AddOrUpdate(user, _ => [item.Id], (_, items) => [.. items.TakeLast(MostItems - 1), item.Id]));
    }
}
