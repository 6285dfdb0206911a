namespace Shop;

/// <summary>The catalogue.</summary>
internal static class ItemEndpoints
{
    private const int PageSize = 10;

    public static void Map(WebApplication app)
    {
        app.MapGet("/items", () => new ItemPage(Catalogue.All.Count, [.. Catalogue.All.Take(PageSize)]));
        app.MapGet("/item/{id}", (int id) => Catalogue.TryGet(id, out var item) ? Results.Json(item) : Catalogue.NotFound(id));
        app.MapGet("/search", (string? q) => Catalogue.Search(q ?? "", PageSize));
    }
}
