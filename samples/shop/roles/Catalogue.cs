using System.Diagnostics.CodeAnalysis;

namespace Shop;

/// <summary>A thousand items, the same in every process.</summary>
internal static class Catalogue
{
    private static readonly (string Name, string Chinese)[] Things =
    [
        ("tea", "茶"), ("teapot", "茶壶"), ("umbrella", "雨伞"), ("bicycle", "自行车"), ("lamp", "台灯"),
        ("keyboard", "键盘"), ("backpack", "背包"), ("notebook", "笔记本"), ("thermos", "保温杯"), ("chair", "椅子"),
    ];

    private static readonly (string Name, string Chinese)[] Kinds =
    [
        ("green", "绿"), ("red", "红"), ("black", "黑"), ("white", "白"), ("blue", "蓝"),
        ("large", "大"), ("small", "小"), ("light", "轻便"), ("classic", "经典"), ("new", "新款"),
    ];

    public static IReadOnlyList<Item> All { get; } = [.. Enumerable.Range(1, 1000).Select(Make)];

    public static bool TryGet(int id, [NotNullWhen(true)] out Item? item)
    {
        item = id >= 1 && id <= All.Count ? All[id - 1] : null;
        return item is not null;
    }

    /// <summary>Items whose English or Chinese name contains the text.</summary>
    public static ItemPage Search(string text, int take)
    {
        var found = All.Where(i => i.Name.Contains(text, StringComparison.OrdinalIgnoreCase) || i.ChineseName.Contains(text, StringComparison.Ordinal)).ToList();
        return new ItemPage(found.Count, [.. found.Take(take)]);
    }

    public static IResult NotFound(int id) =>
        Results.Json(new Refusal($"There is no item {id}. Items are numbered 1 to {All.Count}."), statusCode: StatusCodes.Status404NotFound);

    private static Item Make(int id)
    {
        var thing = Things[id % Things.Length];
        var kind = Kinds[id / Things.Length % Kinds.Length];
        return new Item(id, $"{kind.Name} {thing.Name} no. {id}", $"{kind.Chinese}{thing.Chinese}{id}号", 100 + id * 37 % 9900);
    }
}
