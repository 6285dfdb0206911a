using System.Text.RegularExpressions;
using Pressure.LoadGen;

namespace Pressure.Web.Forms;

/// <summary>The input in which a field of the form's plan was typed, so that what is wrong with it can be said there.</summary>
internal static partial class InputOfField
{
    private static readonly Dictionary<string, string> Kinds = new()
    {
        ["Name"] = "name",
        ["Target"] = "target",
        ["PageViews"] = "pv.perDay",
        ["PageViews.PerDay"] = "pv.perDay",
        ["PageViews.Share"] = "pv.share",
        ["PageViews.Window"] = "pv.hours",
        ["PageViews.RequestsPerPage"] = "pv.requestsPerPage",
        ["PageViews.Event"] = "pv.event",
        ["Rate"] = "rate",
        ["Stages"] = "stages",
        ["Stages.Over"] = "stages.over",
        ["Stages.Rate"] = "stages.to",
        ["Duration"] = "duration",
        ["WarmUp"] = "warmUp",
        ["Arrivals"] = "arrivals",
        ["Urls"] = "urls",
        ["Urls.Url"] = "urls.path",
        ["Urls.Name"] = "urls.path",
        ["Urls.Weight"] = "urls.weight",
        ["Urls.Query"] = "urls.parameters",
        ["Urls.Headers"] = "urls.headers",
        ["Urls.Body"] = "urls.body",
        ["Urls.Form"] = "urls.body",
        ["Urls.Status"] = "urls.expect",
        ["Thresholds"] = "limits",
        ["Hosts"] = "hosts",
        ["Workers"] = WorkerChoice.Input,
        ["Http.ConnectTimeout"] = "connectTimeout",
        ["Http.Timeout"] = "timeout",
    };

    /// <summary>What kind of input the field is, whatever its row: <c>urls.path</c>; empty when the form has none.</summary>
    public static string KindOf(string field) => Kinds.GetValueOrDefault(Row().Replace(PlanDraft.MemberOf(field), ""), "");

    /// <summary>The input's name: <c>urls[4].path</c>; empty when the problem is the form's as a whole.</summary>
    public static string Of(TestForm form, string field)
    {
        if (field == "load")
            return form.Mode != TestForm.Expert ? "pv.perDay" : form["load"] == "stages" ? "stages" : "rate";
        var kind = KindOf(field);
        if (Row().Match(PlanDraft.MemberOf(field)) is not { Success: true } row)
            return kind;
        var at = int.Parse(row.Groups[1].ValueSpan, null);
        return kind switch
        {
            "limits" => Limits.Given(form).ElementAt(at).Input,
            "stages" => TestForm.Stage(form.Stages[at], "to"),
            "urls" or "" => TestForm.Url(form.Urls[at], "path"),
            _ when kind.StartsWith("stages.", StringComparison.Ordinal) => TestForm.Stage(form.Stages[at], kind["stages.".Length..]),
            _ => TestForm.Url(form.Urls[at], kind["urls.".Length..]),
        };
    }

    [GeneratedRegex(@"\[(\d+)\]")]
    private static partial Regex Row();
}
