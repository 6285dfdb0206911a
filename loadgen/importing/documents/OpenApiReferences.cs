using System.Text.Json;

namespace Pressure.LoadGen.Importing;

/// <summary>Follows <c>$ref</c> within the document. Other documents are not fetched.</summary>
internal sealed class OpenApiReferences(JsonElement root, ImportScope scope)
{
    private const int LongestChain = 32;

    /// <summary>What a node stands for; the undefined element when the reference leads nowhere (said) or in a circle.</summary>
    public JsonElement Follow(JsonElement node)
    {
        for (var steps = 0; steps < LongestChain; steps++)
        {
            if (node.Text("$ref") is not { } reference)
                return node;
            node = Find(reference);
        }
        return default;
    }

    private JsonElement Find(string reference)
    {
        if (!reference.StartsWith("#/", StringComparison.Ordinal))
        {
            scope.Skip($"reference '{Shown.Of(reference)}'", "it leads out of the document; bundle the document into one file");
            return default;
        }
        var node = root;
        foreach (var part in reference[2..].Split('/'))
        {
            var name = Uri.UnescapeDataString(part).Replace("~1", "/").Replace("~0", "~");
            node = node.ValueKind == JsonValueKind.Array && int.TryParse(name, out var i) && i >= 0 && i < node.GetArrayLength() ? node[i] : node.Get(name);
        }
        if (!node.Exists())
            scope.Skip($"reference '{Shown.Of(reference)}'", "there is nothing at its end");
        return node;
    }
}
