using System.Text;
using Pressure.LoadGen.Engine;

namespace Pressure.LoadGen;

/// <summary>Reads <c>auth:</c>: an Authorization header without writing it out.</summary>
internal static class AuthReader
{
    private const string Name = "Authorization";
    private const string Remedy = "Write auth: { bearer: TOKEN } or auth: { basic: { user: NAME, password: WORD } }.";

    /// <summary>Adds the header; what is to be rendered for it per iteration, if anything.</summary>
    public static Template? Read(FieldReader step, List<KeyValuePair<string, string>> headers, TemplateNames names)
    {
        if (step["auth"] is not { } node || FieldReader.Open(node, step.PathTo("auth"), PlanKeys.Auth, step.Problems) is not { } fields)
            return null;
        if (headers.Exists(h => h.Key.Equals(Name, StringComparison.OrdinalIgnoreCase)))
            step.Report("auth", "stands beside an Authorization header", "Keep one of them.");
        if (fields.Keys.Count() != 1)
            fields.Report("has not exactly one kind", Remedy);
        if (fields["basic"] is { } basic && FieldReader.Open(basic, fields.PathTo("basic"), PlanKeys.Basic, fields.Problems) is { } pair)
            return ReadBasic(pair, headers, names);
        if (fields.Read<string>("bearer", HeaderReader.ParseValue, "") is { Length: > 0 } token)
            headers.Add(new(Name, $"Bearer {token}"));
        return null;
    }

    private static Template? ReadBasic(FieldReader fields, List<KeyValuePair<string, string>> headers, TemplateNames names)
    {
        fields.Required("user", Remedy);
        fields.Required("password", Remedy);
        var (user, password) = (fields.Read<string>("user", PlainText.Any, ""), fields.Read<string>("password", PlainText.Any, ""));
        if (TemplateText.WithoutSlots(user).Contains(':', StringComparison.Ordinal))
            fields.Report("user", "contains a colon, which ends the name for the server", "Remove it.");
        var text = Template.Parse($"{user}:{password}", Escape.None, names);
        if (!text.HasSlots)
        {
            headers.Add(new(Name, $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}"));
            return null;
        }

        headers.Add(new(Name, "Basic"));
        return Template.Join([Template.Literal("Basic "), Template.Slot(new Expression.Base64(new Expression.Joined(text)))]);
    }
}
