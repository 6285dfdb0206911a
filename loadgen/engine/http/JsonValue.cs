using System.Text.Json;

namespace Pressure.LoadGen.Engine;

/// <summary>Takes and compares values that a path leads to.</summary>
internal static class JsonValue
{
    /// <summary>Sets a variable to the value at a path; false when it is missing or null.</summary>
    public static bool TryTake(JsonPath path, ReadOnlySpan<byte> json, IterationScope scope, int variable)
    {
        if (!path.TryFind(json, out var reader) || reader.TokenType == JsonTokenType.Null)
            return false;
        switch (reader.TokenType)
        {
            case JsonTokenType.String when reader.ValueIsEscaped:
                var text = new byte[reader.ValueSpan.Length];
                scope.Set(variable, text.AsSpan(0, reader.CopyString(text)));
                return true;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                var start = (int)reader.TokenStartIndex;
                if (!TrySkip(ref reader))
                    return false;
                scope.Set(variable, json[start..(int)reader.BytesConsumed]);
                return true;
            default:
                scope.Set(variable, reader.ValueSpan);
                return true;
        }
    }

    /// <summary>Whether the value at a check's path is the one that it asks for.</summary>
    public static bool Holds(Check.Json check, ReadOnlySpan<byte> json)
    {
        if (!check.Path.TryFind(json, out var reader))
            return false;
        return reader.TokenType switch
        {
            JsonTokenType.Null => check.Value is null,
            JsonTokenType.String => check.IsText && reader.ValueTextEquals(check.Value),
            JsonTokenType.True or JsonTokenType.False => !check.IsText && check.Value == (reader.TokenType == JsonTokenType.True ? "true" : "false"),
            JsonTokenType.Number => !check.IsText && double.TryParse(check.Value, out var asked) && reader.TryGetDouble(out var given) && asked.Equals(given),
            _ => false,
        };
    }

    private static bool TrySkip(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.TrySkip();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
