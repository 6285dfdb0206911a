namespace Shop;

/// <summary>The shop's services, in the order of their ports.</summary>
public enum ShopRole
{
    /// <summary>The front door: forwards to the other three.</summary>
    Gateway,

    /// <summary>Catalogue: items and search.</summary>
    Item,

    /// <summary>Carts, in memory.</summary>
    Cart,

    /// <summary>Orders: numbers them and forgets them.</summary>
    Order,
}
