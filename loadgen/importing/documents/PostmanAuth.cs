using System.Text.Json;

namespace Pressure.LoadGen.Importing;

/// <summary>Authorization as Postman describes it; it becomes a header only when secrets are to be kept.</summary>
internal static class PostmanAuth
{
    public static IEnumerable<KeyValuePair<string, string>> Headers(JsonElement auth, PostmanVariables variables, string where, ImportScope scope)
    {
        if (auth.Text("type") is not { Length: > 0 } type || type == "noauth")
            return [];
        var values = Values(auth.Get(type), variables);
        if (!scope.Options.KeepSecrets)
            scope.Skip($"authorization ({type})", "credentials; --keep-secrets keeps basic and bearer ones", where);
        else if (values.Values.Select(PostmanVariables.Unresolved).FirstOrDefault(v => v is not null) is { } unresolved)
            scope.Skip($"authorization ({type})", $"its variable {unresolved} has no value in the collection", where);
        else if (type == "basic")
            return [BasicAuth.Header($"{values.GetValueOrDefault("username")}:{values.GetValueOrDefault("password")}")];
        else if (type == "bearer")
            return [new("Authorization", $"Bearer {values.GetValueOrDefault("token")}")];
        else
            scope.Skip($"authorization ({type})", "only basic and bearer ones become headers", where);
        return [];
    }

    /// <summary>A list of keys and values in v2.1, an object in v2.0.</summary>
    private static Dictionary<string, string> Values(JsonElement parameters, PostmanVariables variables)
    {
        var values = new Dictionary<string, string>();
        foreach (var (name, value) in parameters.Pairs("key").Concat(parameters.Members().Select(m => KeyValuePair.Create(m.Name, m.Value.AsScalar() ?? ""))))
            values[name] = variables.Resolve(value);
        return values;
    }
}
