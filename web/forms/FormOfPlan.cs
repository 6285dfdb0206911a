using System.Text;
using Pressure.LoadGen;
using Pressure.Reports;

namespace Pressure.Web.Forms;

/// <summary>From a plan to a filled form, to run it again with changes.</summary>
internal static class FormOfPlan
{
    /// <summary>The form that stands for the plan; where the inputs can't say all that the plan says, the form holds the plan as text.</summary>
    public static TestForm Read(PlanResult read)
    {
        var form = new TestForm { ["plan"] = read.Text };
        if (read.Plan is not { } plan || !Fits(plan))
        {
            form.Mode = TestForm.Text;
            return form;
        }
        (form["name"], form["target"]) = (plan.Name, plan.Target.OriginalString.TrimEnd('/'));
        form.Clear();
        form.Hosts = [.. plan.Hosts.Select(h => h.Text)];
        form[WorkerChoice.Input] = plan.Workers is { } wish ? $"{wish.Count}" : WorkerChoice.ThisMachine;
        foreach (var scenario in plan.Scenarios)
            AddUrl(form, plan, scenario);
        ReadLoad(form, plan);
        ReadLimits(form, plan);
        (form["connectTimeout"], form["timeout"]) = (Seconds(plan.Http.ConnectTimeout), Seconds(plan.Http.Timeout));
        return form;
    }

    private static bool Fits(LoadPlan plan) =>
        plan.Scenarios.Count <= TestForm.MostRows
        && plan.Scenarios.All(s => s.Steps is [Step.Request r] && FitsUrl(plan, r))
        && plan.Thresholds.All(t => InputOf(t) is not null)
        && plan.Thresholds.DistinctBy(InputOf).Count() == plan.Thresholds.Count
        && plan.Abort.Count == 0
        && (plan.Workers is not { } wish || IsPlain(wish))
        && plan.Seed == 1
        && plan.Http == new HttpOptions { ConnectTimeout = plan.Http.ConnectTimeout, Timeout = plan.Http.Timeout }
        && plan.Load switch
        {
            Load.FromPageViews { Views: var v } => v.PerMachine is null && v.Day == TimeSpan.FromHours(24) && plan.Arrivals == Arrivals.Uniform && plan.WarmUp == TimeSpan.Zero,
            Load.Constant c => c.Rate.Per == TimeSpan.FromSeconds(1),
            Load.Staged s => s.Stages.Count <= TestForm.MostRows && s.Stages.All(x => x.From.Per == TimeSpan.FromSeconds(1) && x.To.Per == TimeSpan.FromSeconds(1)),
            _ => false,
        };

    /// <summary>Whether it says a number and nothing else; one worker elsewhere is not this machine.</summary>
    private static bool IsPlain(WorkersWish wish) =>
        wish is { Count: > 1, Regions.Count: 0 } && new WorkersWish { Count = 1 } is var usual && (wish.Heartbeat, wish.Lease, wish.Tolerance) == (usual.Heartbeat, usual.Lease, usual.Tolerance);

    private static bool FitsUrl(LoadPlan plan, Step.Request request) =>
        request.Url.Authority == plan.Target.Authority
        && request.Url.Scheme == plan.Target.Scheme
        && plan.Target.AbsolutePath == "/"
        && request.Service == request.Url.Authority
        && request.Checks.Count <= 1 && request.Checks.All(c => c is Check.Status)
        && request.Body is not { IsEmpty: true };

    private static void AddUrl(TestForm form, LoadPlan plan, Scenario scenario)
    {
        var request = (Step.Request)scenario.Steps[0];
        var key = form.AddUrl()!.Value;
        void Set(string name, string value) => form[TestForm.Url(key, name)] = value;
        Set("weight", scenario.Weight.ToString("0.####", null));
        Set("method", request.Method);
        Set("path", request.Url.PathAndQuery);
        var headers = request.Headers.ToList();
        if (request.Body is { } body)
        {
            var text = Encoding.UTF8.GetString(body.Span);
            // Other spellings than the plan writer's would change, so they stay texts with their header.
            var json = IsCompactJson(text) ? headers.FindIndex(h => h.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) && h.Value == "application/json") : -1;
            Set("bodyKind", json >= 0 ? "json" : "text");
            Set("body", text);
            if (json >= 0)
                headers.RemoveAt(json);
        }
        Set("headers", string.Join("\n", headers.Select(h => $"{h.Key}: {h.Value}")));
        if (request.Checks is [Check.Status status])
            Set("expect", string.Join(", ", status.Ranges.Select(r => r.From == r.To ? $"{r.From}" : $"{r.From}..{r.To}")));
    }

    private static bool IsCompactJson(string text)
    {
        var draft = new PlanDraft { Name = "x", Target = "http://127.0.0.1", Rate = "1/s", Urls = [new UrlDraft { Method = "POST", Url = "/", Body = text, BodyKind = BodyKind.Json }] };
        return PlanReader.Parse(PlanWriter.ToYaml(draft), "plan").Plan?.Requests[0].Body is { } written && Encoding.UTF8.GetString(written.Span) == text;
    }

    private static void ReadLoad(TestForm form, LoadPlan plan)
    {
        (form["duration"], form["durationUnit"]) = (Seconds(plan.Duration), "s");
        form["warmUp"] = Seconds(plan.WarmUp);
        form["arrivals"] = plan.Arrivals == Arrivals.Poisson ? "poisson" : "uniform";
        form.Mode = plan.Load is Load.FromPageViews ? TestForm.Simple : TestForm.Expert;
        switch (plan.Load)
        {
            case Load.FromPageViews { Views: var views }:
                form["pv.perDay"] = views.PerDay.ToString("#,0.####", null);
                form["pv.busy"] = views is { Share: 0.8, Window: 0.2 } ? "usual" : "hours";
                form["pv.share"] = (views.Share * 100).ToString("0.####", null);
                form["pv.hours"] = (views.Window * 24).ToString("0.########", null);
                form["pv.requestsPerPage"] = views.RequestsPerPage.ToString("0.####", null);
                form["pv.event"] = views.Event.ToString("0.####", null);
                break;
            case Load.Constant { Rate: var rate }:
                (form["load"], form["rate"]) = ("rate", rate.Count.ToString(null, null));
                break;
            case Load.Staged { Stages: var stages }:
                form["load"] = "stages";
                foreach (var stage in stages)
                {
                    var key = form.AddStage()!.Value;
                    form[TestForm.Stage(key, "from")] = stage.From.Count.ToString(null, null);
                    form[TestForm.Stage(key, "to")] = stage.To.Count.ToString(null, null);
                    form[TestForm.Stage(key, "over")] = Seconds(stage.Over);
                }
                break;
        }
        if (form.Stages.Count == 0)
            form.AddStage();
    }

    private static void ReadLimits(TestForm form, LoadPlan plan)
    {
        (form["p95"], form["p99"], form["errors"]) = ("", "", "");
        foreach (var threshold in plan.Thresholds)
            form[InputOf(threshold)!] = LimitOf(threshold.Expression);
        if (form["p99"].Length > 0)
            form.Mode = TestForm.Expert;
    }

    /// <summary>The input that says this criterion; null when none does.</summary>
    private static string? InputOf(Threshold threshold) => (threshold.Metric, Before(threshold.Expression)) switch
    {
        ("http_req_duration", "p(95)") => "p95",
        ("http_req_duration", "p(99)") => "p99",
        ("http_req_failed", "rate") => "errors",
        _ => null,
    };

    private static string? Before(string expression) => expression.Split('<') is [var left, var right] && !right.StartsWith('=') ? left.Trim() : null;

    private static string LimitOf(string expression)
    {
        var limit = expression.Split('<')[1].Trim();
        return limit.EndsWith("ms", StringComparison.Ordinal) ? limit[..^2].Trim() : limit.TrimEnd('%').Trim();
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", null);
}
