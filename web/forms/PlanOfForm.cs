using Pressure.LoadGen;

namespace Pressure.Web.Forms;

/// <summary>From the New test form to a plan. Values go in as typed; judging them is the plan reader's work.</summary>
internal static class PlanOfForm
{
    /// <summary>The form as a plan file.</summary>
    public static string Write(TestForm form) => PlanWriter.ToYaml(Draft(form));

    public static PlanDraft Draft(TestForm form)
    {
        var expert = form.Mode == TestForm.Expert;
        var staged = expert && form["load"] == "stages";
        return new PlanDraft
        {
            Name = NameOf(form),
            Target = form["target"],
            PageViews = expert ? null : PageViewsOf(form),
            Rate = expert && !staged ? WithUnit(form["rate"], "/s") : null,
            Stages = staged ? [.. form.Stages.Select(key => StageOf(form, key))] : [],
            Duration = staged ? null : WithUnit(form["duration"], form["durationUnit"] is "m" or "h" ? form["durationUnit"] : "s"),
            WarmUp = expert && form["warmUp"].Trim() != "0" ? WithUnit(form["warmUp"], "s") : null,
            Arrivals = expert ? form["arrivals"] : null,
            Urls = [.. form.Urls.Select(key => UrlOfForm.Draft(form, key))],
            Thresholds = [.. Limits.Given(form).Select(limit => limit.Draft(form))],
            Hosts = form.Hosts,
            Workers = WorkerChoice.PlanField(form),
            Http = expert ? new HttpDraft(WithUnit(form["connectTimeout"], "s"), WithUnit(form["timeout"], "s")) : null,
        };
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

    private static PageViewsDraft PageViewsOf(TestForm form)
    {
        var byHours = form["pv.busy"] == "hours";
        return new PageViewsDraft(
            form["pv.perDay"],
            byHours ? WithUnit(form["pv.share"], "%") : "80%",
            byHours ? WithUnit(form["pv.hours"], "h") : "20%",
            Day: null,
            form["pv.requestsPerPage"],
            form["pv.event"]);
    }

    private static StageDraft StageOf(TestForm form, int key)
    {
        string Of(string name, string unit) => WithUnit(form[TestForm.Stage(key, name)], unit);
        return new StageDraft($"{Of("from", "/s")} -> {Of("to", "/s")}", Of("over", "s"));
    }
}
