using System.Text.RegularExpressions;
using Pressure.LoadGen;

namespace Pressure.Web.Forms;

/// <summary>The input in which a field of the form's plan was typed, so that what is wrong with it can be said there.</summary>
internal static partial class InputOfField
{
    private static readonly Dictionary<string, string> Inputs = new()
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
        ["Duration"] = "duration",
        ["WarmUp"] = "warmUp",
        ["Arrivals"] = "arrivals",
        ["Urls"] = "urls",
        ["Http.ConnectTimeout"] = "connectTimeout",
        ["Http.Timeout"] = "timeout",
    };

    private static readonly Dictionary<string, string> UrlInputs = new()
    {
        ["Weight"] = "weight",
        ["Query"] = "parameters",
        ["Headers"] = "headers",
        ["Body"] = "body",
        ["Form"] = "body",
        ["Status"] = "expect",
    };

    /// <summary>The input's name; empty when the problem is the form's as a whole.</summary>
    public static string Of(TestForm form, string field)
    {
        if (field == "load")
            return form.Mode != TestForm.Expert ? "pv.perDay" : form["load"] == "stages" ? "stages" : "rate";
        var member = PlanDraft.MemberOf(field);
        if (Row().Match(member) is not { Success: true } row)
            return Inputs.GetValueOrDefault(member, "");
        var at = int.Parse(row.Groups[2].ValueSpan, null);
        var rest = row.Groups[3].Value;
        return row.Groups[1].Value switch
        {
            "Urls" => TestForm.Url(form.Urls[at], UrlInputs.GetValueOrDefault(rest, "path")),
            "Stages" => TestForm.Stage(form.Stages[at], rest == "Over" ? "over" : "to"),
            _ => Limits.Given(form).ElementAt(at).Input,
        };
    }

    [GeneratedRegex(@"\A(Urls|Stages|Thresholds)\[(\d+)\]\.?(\w*)")]
    private static partial Regex Row();
}
