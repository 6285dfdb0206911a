namespace Pressure.LoadGen;

/// <summary>Writes the plan of a replay.</summary>
internal static class ReplayWriter
{
    public static string ToYaml(ReplayDraft draft)
    {
        var yaml = new YamlText();
        yaml.Field("name", draft.Name);
        yaml.Field("target", draft.Target);
        yaml.Map("load", () =>
        {
            yaml.Map("replay", () => WriteReplay(yaml, draft));
            yaml.Field("duration", draft.Duration);
            yaml.Field("warmUp", draft.WarmUp);
        });
        yaml.List("thresholds", draft.Thresholds, (t, _) => yaml.Text(t.Metric, t.Expression));
        yaml.Field("seed", draft.Seed);
        return yaml.ToString();
    }

    private static void WriteReplay(YamlText yaml, ReplayDraft draft)
    {
        List(yaml, "captures", draft.Captures);
        if (draft.Agents.Count > 0 || draft.Interface is not null)
        {
            yaml.Map("live", () =>
            {
                List(yaml, "agents", draft.Agents);
                yaml.Field("interface", draft.Interface);
                List(yaml, "ports", draft.Ports);
                List(yaml, "servers", draft.Servers);
                yaml.Field("delay", draft.Delay);
            });
        }

        foreach (var (key, value) in draft.Values)
            yaml.Field(key, value);
        foreach (var (key, items) in draft.Lists)
            List(yaml, key, items);
        foreach (var (key, pairs) in draft.Maps)
            yaml.Pairs(key, pairs);
        yaml.List("carry", draft.Carries, (carry, _) =>
        {
            yaml.Text(carry.Source, carry.Value);
            yaml.Field("into", carry.Into);
        });
        if (draft.Ignore.Count == 0 && draft.Primary is null && draft.Secondary is null)
        {
            if (draft.Compares)
                yaml.Verbatim("compare", "true");
            return;
        }

        yaml.Map("compare", () =>
        {
            List(yaml, "ignore", draft.Ignore);
            yaml.Field("primary", draft.Primary);
            yaml.Field("secondary", draft.Secondary);
        });
    }

    // Quoted throughout: plain scalars may not hold what ends an item of a list.
    private static void List(YamlText yaml, string key, IReadOnlyList<string> items)
    {
        if (items.Count > 0)
            yaml.Verbatim(key, $"[{string.Join(", ", items.Select(YamlText.Quoted))}]");
    }
}
