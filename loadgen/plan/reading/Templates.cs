using Pressure.LoadGen.Engine;

namespace Pressure.LoadGen;

/// <summary>Reports what is wrong in <c>{{...}}</c>: sent as it stands, it would press the target with nonsense.</summary>
internal static class Templates
{
    /// <summary>Looks through some fields of a step.</summary>
    public static void Check(FieldReader step, IEnumerable<string> keys, TemplateNames names)
    {
        foreach (var key in keys)
        {
            if (step[key] is { } node)
                Check(node, step.PathTo(key), names, step.Problems);
        }
    }

    private static void Check(PlanNode node, string path, TemplateNames names, ProblemList problems)
    {
        switch (node)
        {
            case PlanNode.Scalar scalar:
                Check(scalar, scalar.Text, path, names, problems);
                break;
            case PlanNode.Sequence list:
                for (var i = 0; i < list.Items.Count; i++)
                    Check(list.Items[i], $"{path}[{i}]", names, problems);
                break;
            case PlanNode.Mapping map:
                foreach (var (key, value) in map.Entries)
                {
                    var at = $"{path}.{Shown.Of(key.Text)}";
                    Check(key, key.Text, at, names, problems);
                    Check(value, at, names, problems);
                }
                break;
        }
    }

    private static void Check(PlanNode at, string text, string path, TemplateNames names, ProblemList problems)
    {
        foreach (var (_, _, inner) in TemplateText.Slots(text))
        {
            if (ExpressionText.Parse(inner, names, out _) is { } complaint)
                problems.Add(at, path, complaint);
        }
    }
}
