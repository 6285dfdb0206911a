namespace Shop;

/// <summary>Something the shop sells; its price in cents.</summary>
internal sealed record Item(int Id, string Name, string ChineseName, int Price);

/// <summary>Items found, the first few of them, and how many there are in all.</summary>
internal sealed record ItemPage(int Total, IReadOnlyList<Item> Items);

/// <summary>The home page.</summary>
internal sealed record Home(string Shop, IReadOnlyList<Item> Items);

/// <summary>The body of <c>POST /cart/{user}</c> and <c>POST /order</c>.</summary>
internal sealed record Choice(int Item);

/// <summary>A cart.</summary>
internal sealed record Cart(string User, IReadOnlyList<int> Items);

/// <summary>An order that was taken.</summary>
internal sealed record Order(long Number, int Item, int Price);

/// <summary>Why there is no better answer.</summary>
internal sealed record Refusal(string Error);
