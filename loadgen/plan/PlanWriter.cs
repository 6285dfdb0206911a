namespace Pressure.LoadGen;

/// <summary>Writes plan files of drafts: readable YAML that <see cref="PlanReader"/> reads to the same plan.</summary>
public static class PlanWriter
{
    /// <summary>The methods that a plan can hold, in capitals.</summary>
    public static IReadOnlyList<string> Methods { get; } = [.. PlanKeys.Methods.Select(m => m.ToUpperInvariant())];

    /// <summary>
    /// The draft as YAML. Blank members are left out, so that the reader says what is missing. Drafts with mistakes are written too.
    /// </summary>
    public static string ToYaml(PlanDraft draft)
    {
        var yaml = new YamlText();
        yaml.Field("name", draft.Name);
        yaml.Field("target", draft.Target);
        yaml.Map("load", () => WriteLoad(yaml, draft));
        yaml.List("scenarios", draft.Urls, (url, i) => WriteUrl(yaml, url, NameOf(url, i, draft.Urls)));
        yaml.List("thresholds", draft.Thresholds, (t, _) => yaml.Field(t.Metric, t.Expression));
        if (draft.Hosts is { } hosts && !hosts.SequenceEqual([HostSelector.Local.Name]))
            yaml.Verbatim("hosts", $"[{string.Join(", ", hosts.Select(YamlText.Scalar))}]");
        WriteHttp(yaml, draft.Http);
        yaml.Field("workers", draft.Workers);
        return yaml.ToString();
    }

    /// <summary>The same of a replay.</summary>
    public static string ToYaml(ReplayDraft draft) => ReplayWriter.ToYaml(draft);

    private static void WriteLoad(YamlText yaml, PlanDraft draft)
    {
        if (draft.PageViews is { } views)
        {
            yaml.Map("pv", () =>
            {
                yaml.Field("perDay", views.PerDay);
                yaml.Field("share", views.Share);
                yaml.Field("window", views.Window);
                yaml.Field("day", views.Day);
                yaml.Field("requestsPerPage", views.RequestsPerPage);
                yaml.Field("event", views.Event);
                yaml.Field("perMachine", views.PerMachine);
            });
        }
        yaml.Field("rate", draft.Rate);
        yaml.List("stages", draft.Stages, (stage, _) =>
        {
            yaml.Field("rate", stage.Rate);
            yaml.Field("over", stage.Over);
        });
        yaml.Field("duration", draft.Duration);
        yaml.Field("warmUp", draft.WarmUp);
        yaml.Field("arrivals", draft.Arrivals);
    }

    private static void WriteUrl(YamlText yaml, UrlDraft url, string name)
    {
        yaml.Field("name", name);
        yaml.Field("weight", url.Weight);
        yaml.List("steps", [url], (step, _) =>
        {
            // Blank too: it stands for the step, and the reader says what is missing.
            yaml.Text(step.Method.ToLowerInvariant(), step.Url ?? "");
            yaml.Field("service", step.Service);
            yaml.Pairs("headers", step.Headers);
            yaml.Pairs("query", step.Query);
            WriteBody(yaml, step);
            yaml.Pairs("form", step.Form);
            WriteCheck(yaml, step);
        });
    }

    private static void WriteBody(YamlText yaml, UrlDraft step)
    {
        if (string.IsNullOrEmpty(step.Body))
            return;
        if (step.BodyKind == BodyKind.Text)
            yaml.Text("body", step.Body);
        else if (YamlText.JsonOnOneLine(step.Body) is { } json)
            yaml.Verbatim("json", json);
        else
            yaml.Text("json", step.Body);
    }

    private static void WriteCheck(YamlText yaml, UrlDraft step)
    {
        if (string.IsNullOrWhiteSpace(step.Status) && string.IsNullOrEmpty(step.BodyContains))
            return;
        yaml.Map("check", () =>
        {
            var statuses = (step.Status ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (statuses.Length == 1)
                yaml.Field("status", statuses[0]);
            else if (statuses.Length > 1)
                yaml.Verbatim("status", $"[{string.Join(", ", statuses.Select(YamlText.Scalar))}]");
            if (!string.IsNullOrEmpty(step.BodyContains))
                yaml.Text("body", step.BodyContains);
        });
    }

    private static void WriteHttp(YamlText yaml, HttpDraft? http)
    {
        if (http is null || new[] { http.ConnectTimeout, http.Timeout, http.Redirects }.All(string.IsNullOrWhiteSpace))
            return;
        yaml.Map("http", () =>
        {
            yaml.Field("connectTimeout", http.ConnectTimeout);
            yaml.Field("timeout", http.Timeout);
            yaml.Field("redirects", http.Redirects);
        });
    }

    /// <summary>The name as typed, else method and URL, numbered when another has it.</summary>
    private static string NameOf(UrlDraft url, int position, IReadOnlyList<UrlDraft> all)
    {
        if (!string.IsNullOrWhiteSpace(url.Name))
            return url.Name;
        var name = PlainName(url);
        var taken = all.Take(position).Count(u => string.IsNullOrWhiteSpace(u.Name) && PlainName(u) == name)
            + all.Count(u => u.Name?.Trim() == name);
        return taken == 0 ? name : $"{name} ({position + 1})";
    }

    private static string PlainName(UrlDraft url)
    {
        var name = string.Concat($"{url.Method.ToUpperInvariant()} {url.Url?.Trim()}".Select(c => char.IsControl(c) ? '?' : c)).Trim();
        return name.Length <= 90 ? name : name[..90];
    }
}
