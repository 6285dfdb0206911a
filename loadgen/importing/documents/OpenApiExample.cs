using System.Text.Json;

namespace Pressure.LoadGen.Importing;

/// <summary>The example that a parameter or a body's content gives.</summary>
internal static class OpenApiExample
{
    public static JsonElement Of(JsonElement owner, OpenApiReferences references)
    {
        if (owner.Get("example").Exists())
            return owner.Get("example");
        var first = owner.Get("examples").Members().Select(m => references.Follow(m.Value)).FirstOrDefault();
        return first.Get("value");
    }
}
