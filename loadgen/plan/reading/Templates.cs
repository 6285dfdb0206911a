namespace Pressure.LoadGen;

/// <summary>Refuses <c>{{...}}</c>: sent as it stands, it would press the target with nonsense.</summary>
internal static class Templates
{
    public static void Refuse(PlanNode node, string path, ProblemList problems)
    {
        switch (node)
        {
            case PlanNode.Scalar scalar when IsTemplate(scalar.Text):
                problems.Add(scalar, path, $"'{Shown.Of(scalar.Text)}' is a template, which is not in this version", "Write the value out; several steps can hold several values.");
                break;
            case PlanNode.Sequence list:
                for (var i = 0; i < list.Items.Count; i++)
                    Refuse(list.Items[i], $"{path}[{i}]", problems);
                break;
            // A page may well contain braces of its own: checks are left alone.
            case PlanNode.Mapping map:
                foreach (var (key, value) in map.Entries.Where(e => e.Key.Text != "check"))
                    Refuse(value, $"{path}.{Shown.Of(key.Text)}", problems);
                break;
        }
    }

    private static bool IsTemplate(string text)
    {
        var open = text.IndexOf("{{", StringComparison.Ordinal);
        return open >= 0 && text.IndexOf("}}", open, StringComparison.Ordinal) > 0;
    }
}
