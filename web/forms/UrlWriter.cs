namespace Pressure.Web.Forms;

/// <summary>Writes one URL row as a scenario of one step.</summary>
internal static class UrlWriter
{
    public static void Write(PlanSketch plan, TestForm form, int position, HashSet<string> names)
    {
        var key = form.Urls[position];
        string Input(string name) => TestForm.Url(key, name);
        string Of(string name) => form[Input(name)].Trim();
        var (scenario, step) = ($"scenarios[{position}]", $"scenarios[{position}].steps[0]");
        var method = Of("method").ToLowerInvariant();

        plan.Value(1, "- name", Unique($"{method.ToUpperInvariant()} {Of("path")}", names), $"{scenario}.name", Input("path"));
        plan.Value(2, "weight", Of("weight"), $"{scenario}.weight", Input("weight"));
        plan.Line(2, "steps:");
        plan.From(scenario, Input("path"));
        plan.Value(3, $"- {PlanSketch.Scalar(method)}", Of("path"), $"{step}.{method}", Input("path"));
        WritePairs(plan, "query", Lines.Pairs(Of("parameters"), '='), step, Input("parameters"));
        WriteBody(plan, form, step, key);
        if (Of("expect").Length > 0)
        {
            plan.Line(4, "check:");
            plan.Line(5, $"status: [{string.Join(", ", Of("expect").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).Select(PlanSketch.Scalar))}]");
            plan.From($"{step}.check", Input("expect"));
        }
    }

    /// <summary>The body goes out byte by byte as typed; its type is a header, unless the row gives that header itself.</summary>
    private static void WriteBody(PlanSketch plan, TestForm form, string step, int key)
    {
        var body = form[TestForm.Url(key, "body")].ReplaceLineEndings("\n");
        var headers = Lines.Pairs(form[TestForm.Url(key, "headers")], ':').ToList();
        var kind = form[TestForm.Url(key, "bodyKind")];
        if (body.Length > 0 && kind == "json" && !headers.Exists(h => h.Name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)))
            headers.Add(("Content-Type", "application/json"));
        WritePairs(plan, "headers", headers, step, TestForm.Url(key, "headers"));
        if (body.Length == 0)
            return;
        if (kind == "form")
            WritePairs(plan, "form", Lines.Pairs(body, '='), step, TestForm.Url(key, "body"));
        else
            plan.Value(4, "body", body, $"{step}.body", TestForm.Url(key, "body"));
    }

    private static void WritePairs(PlanSketch plan, string name, IEnumerable<(string Name, string Value)> pairs, string step, string input)
    {
        var first = true;
        foreach (var (key, value) in pairs)
        {
            if (first)
                plan.Line(4, $"{name}:");
            first = false;
            plan.Line(5, $"{PlanSketch.Scalar(key)}: {PlanSketch.Scalar(value)}");
        }
        plan.From($"{step}.{name}", input);
    }

    private static string Unique(string name, HashSet<string> names)
    {
        var cut = name.Length > 80 ? name[..80] : name;
        var unique = cut;
        for (var n = 2; !names.Add(unique); n++)
            unique = $"{cut} ({n})";
        return unique;
    }
}
