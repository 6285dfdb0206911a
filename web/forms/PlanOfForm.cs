namespace Pressure.Web.Forms;

/// <summary>From the New test form to the text of a plan file.</summary>
internal static class PlanOfForm
{
    public static PlanSketch Write(TestForm form)
    {
        var plan = new PlanSketch();
        plan.Value(0, "name", NameOf(form), "name", "name");
        plan.Value(0, "target", form["target"].Trim(), "target", "target");
        WriteLoad(plan, form);
        WriteScenarios(plan, form);
        WriteThresholds(plan, form);
        if (form.Mode == TestForm.Expert)
        {
            plan.Line(0, "http:");
            plan.Value(1, "connectTimeout", WithUnit(form["connectTimeout"], "s"), "http.connectTimeout", "connectTimeout");
            plan.Value(1, "timeout", WithUnit(form["timeout"], "s"), "http.timeout", "timeout");
        }
        return plan;
    }

    /// <summary>A bare number gets the unit that stands beside the input; whoever writes a unit is taken at his word.</summary>
    public static string WithUnit(string text, string unit)
    {
        var trimmed = text.Trim();
        return trimmed.Length > 0 && trimmed.All(c => char.IsAsciiDigit(c) || c is '.' or ',' or '_') ? trimmed + unit : trimmed;
    }

    /// <summary>A test without a name is called by what it presses.</summary>
    private static string NameOf(TestForm form)
    {
        if (form["name"].Trim() is { Length: > 0 } name)
            return name;
        return Uri.TryCreate(form["target"].Trim(), UriKind.Absolute, out var target) && target.Host.Length > 0 ? target.Authority : "test";
    }

    private static void WriteLoad(PlanSketch plan, TestForm form)
    {
        plan.Line(0, "load:");
        plan.From("load", form.Mode == TestForm.Expert ? "rate" : "pv.perDay");
        var staged = form.Mode == TestForm.Expert && form["load"] == "stages";
        if (form.Mode != TestForm.Expert)
            WritePageViews(plan, form);
        else if (staged)
            WriteStages(plan, form);
        else
            plan.Value(1, "rate", WithUnit(form["rate"], "/s"), "load.rate", "rate");
        if (!staged)
            plan.Value(1, "duration", WithUnit(form["duration"], UnitOf(form)), "load.duration", "duration");
        if (form.Mode != TestForm.Expert)
            return;
        if (form["warmUp"].Trim() is { Length: > 0 } warmUp && warmUp != "0")
            plan.Value(1, "warmUp", WithUnit(warmUp, "s"), "load.warmUp", "warmUp");
        plan.Value(1, "arrivals", form["arrivals"], "load.arrivals", "arrivals");
    }

    private static string UnitOf(TestForm form) => form["durationUnit"] is "m" or "h" ? form["durationUnit"] : "s";

    private static void WritePageViews(PlanSketch plan, TestForm form)
    {
        var byHours = form["pv.busy"] == "hours";
        plan.Line(1, "pv:");
        plan.From("load.pv", "pv.perDay");
        plan.Value(2, "perDay", form["pv.perDay"].Trim(), "load.pv.perDay", "pv.perDay");
        plan.Value(2, "share", byHours ? WithUnit(form["pv.share"], "%") : "80%", "load.pv.share", "pv.share");
        plan.Value(2, "window", byHours ? WithUnit(form["pv.hours"], "h") : "20%", "load.pv.window", "pv.hours");
        plan.Value(2, "requestsPerPage", form["pv.requestsPerPage"].Trim(), "load.pv.requestsPerPage", "pv.requestsPerPage");
        plan.Value(2, "event", form["pv.event"].Trim(), "load.pv.event", "pv.event");
    }

    private static void WriteStages(PlanSketch plan, TestForm form)
    {
        plan.Line(1, form.Stages.Count == 0 ? "stages: []" : "stages:");
        plan.From("load.stages", "load");
        for (var i = 0; i < form.Stages.Count; i++)
        {
            string Of(string name) => form[TestForm.Stage(form.Stages[i], name)];
            var path = $"load.stages[{i}]";
            plan.Value(2, "- rate", $"{WithUnit(Of("from"), "/s")} -> {WithUnit(Of("to"), "/s")}", $"{path}.rate", TestForm.Stage(form.Stages[i], "to"));
            plan.Value(3, "over", WithUnit(Of("over"), "s"), $"{path}.over", TestForm.Stage(form.Stages[i], "over"));
        }
    }

    private static void WriteScenarios(PlanSketch plan, TestForm form)
    {
        plan.Line(0, form.Urls.Count == 0 ? "scenarios: []" : "scenarios:");
        plan.From("scenarios", "urls");
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < form.Urls.Count; i++)
            UrlWriter.Write(plan, form, i, names);
    }

    private static void WriteThresholds(PlanSketch plan, TestForm form)
    {
        var limits = new List<(string Metric, string Expression, string Input)>();
        Add("p95", "http_req_duration", "p(95)", "ms");
        if (form.Mode == TestForm.Expert)
            Add("p99", "http_req_duration", "p(99)", "ms");
        Add("errors", "http_req_failed", "rate", "%");
        if (limits.Count == 0)
            return;
        plan.Line(0, "thresholds:");
        for (var i = 0; i < limits.Count; i++)
            plan.Value(1, $"- {limits[i].Metric}", limits[i].Expression, $"thresholds[{i}]", limits[i].Input);

        void Add(string input, string metric, string aggregation, string unit)
        {
            if (form[input].Trim() is { Length: > 0 } limit)
                limits.Add((metric, $"{aggregation} < {WithUnit(limit, unit)}", input));
        }
    }
}
