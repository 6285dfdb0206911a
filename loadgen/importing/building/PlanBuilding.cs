namespace Pressure.LoadGen.Importing;

/// <summary>Makes a plan of what a source gives: found -> parsed -> one host -> without secrets -> folded -> draft -> settled.</summary>
internal static class PlanBuilding
{
    private const string UsualRate = "10/s";
    private const string UsualDuration = "60s";
    private const decimal MostWeight = 1_000_000_000;
    private const int LongestName = 100;

    /// <summary>The draft with its text; null after saying why there is none.</summary>
    public static (PlanDraft Draft, string Yaml)? Build(Found found, ImportScope scope)
    {
        if (!TryAskedTarget(scope, out var asked))
            return null;
        var parsed = Parsed(found.Requests, scope);
        if (HostChoice.Choose(parsed, asked, scope) is not { } target)
            return null;
        var places = new Dictionary<UrlDraft, string>(ReferenceEqualityComparer.Instance);
        var urls = parsed.ConvertAll(p =>
        {
            var url = ForPlan(p.Request, p.Url, target, scope);
            places.Add(url, p.Request.Where);
            return new WeighedUrl(url, p.Request.Weight);
        });
        urls = Scaled(RequestFolding.AtMost(PlanLimits.MostScenarios, RequestFolding.Same(urls), scope));
        var draft = new PlanDraft
        {
            Name = NameOf(found, scope),
            Target = target.AbsoluteUri.TrimEnd('/'),
            PageViews = found.Load?.PageViews,
            Rate = found.Load is null ? UsualRate : found.Load.Rate,
            Duration = UsualDuration,
            Urls = WithNames(urls),
            Http = found.HoldsRedirects ? new HttpDraft(Redirects: "0") : null,
        };
        if (found.Load is null)
            scope.Note($"The load is {UsualRate} for {UsualDuration}, a beginning; write down what you expect (see `pressure pv`).");
        return Settling.Settle(draft, urls.ConvertAll(u => places[u.Draft]), scope);
    }

    private static bool TryAskedTarget(ImportScope scope, out Uri? target)
    {
        target = null;
        if (scope.Options.Target is not { } text)
            return true;
        if (UrlText.ParseTarget(text, out target) is not { } complaint)
            return true;
        scope.Fail($"--target {complaint.Message}", complaint.Remedy);
        return false;
    }

    private static List<(FoundRequest Request, UrlParts Url)> Parsed(IEnumerable<FoundRequest> requests, ImportScope scope)
    {
        var parsed = new List<(FoundRequest, UrlParts)>();
        foreach (var request in requests)
        {
            var what = $"{request.Method} {WithoutQuery(request.Url)}";
            if (!PlanWriter.Methods.Contains(request.Method.ToUpperInvariant()))
                scope.Skip(what, $"plans know the methods {string.Join(", ", PlanWriter.Methods)} only", request.Where);
            else if (UrlParts.Parse(request.Url, out var url) is { } complaint)
                scope.Skip(what, complaint.Message, request.Where);
            else if (scope.Options.NoStatic && StaticFiles.IsStatic(url.PathAndQuery))
                scope.Skip("static files", "left out by --no-static", request.Where);
            else
                parsed.Add((request, url));
        }
        return parsed;
    }

    private static UrlDraft ForPlan(FoundRequest request, UrlParts url, Uri target, ImportScope scope)
    {
        var keep = scope.Options.KeepSecrets;
        if (url.UserInfo is { } user && !keep)
            scope.Skip("user name and password in the URL", "credentials; --keep-secrets makes an Authorization header of them", request.Where);
        else if (url.UserInfo is not null)
            request = request with { Headers = [.. request.Headers, BasicAuth.Header(url.UserInfo)] };
        var path = keep ? url.PathAndQuery : Secrets.InUrl(url.PathAndQuery, request.Where, scope);
        var headers = HeaderRules.ForPlan(request, url, scope);
        var body = request.Body is null || keep ? request.Body : Secrets.InBody(request.Body, BodyShape.ContentType(headers), request.Where, scope);
        var draft = new UrlDraft
        {
            Method = request.Method.ToUpperInvariant(),
            // Two slashes at the beginning would begin a host.
            Url = path.StartsWith("//", StringComparison.Ordinal) ? target.AbsoluteUri.TrimEnd('/') + path : path,
            Headers = headers,
            Name = request.Name,
        };
        return BodyShape.Shaped(draft, body);
    }

    /// <summary>Weights within the bound of plans, in proportion.</summary>
    private static List<WeighedUrl> Scaled(List<WeighedUrl> urls)
    {
        var heaviest = urls.Count == 0 ? 1 : urls.Max(u => u.Weight);
        var scale = heaviest > MostWeight ? MostWeight / heaviest : 1;
        return urls.ConvertAll(u => u with { Weight = Math.Max(0.001m, decimal.Round(u.Weight * scale, 3)) });
    }

    private static List<UrlDraft> WithNames(List<WeighedUrl> urls)
    {
        var taken = new HashSet<string>();
        return urls.ConvertAll(u =>
        {
            var name = OneLine(u.Draft.Name ?? $"{u.Draft.Method} {Uri.UnescapeDataString(WithoutQuery(u.Draft.Url!))}", LongestName - 10);
            var unique = name;
            for (var i = 2; !taken.Add(unique); i++)
                unique = $"{name} ({i})";
            return u.Draft with { Name = unique, Weight = $"{u.Weight:0.###}" };
        });
    }

    private static string NameOf(Found found, ImportScope scope)
    {
        var candidates = new[] { scope.Options.Name, found.Title, Path.GetFileNameWithoutExtension(scope.File), "imported" };
        return candidates.Select(c => OneLine(c ?? "", LongestName)).First(c => c.Length > 0);
    }

    /// <summary>Text as a name: one line, not too long, and no template.</summary>
    private static string OneLine(string text, int longest)
    {
        var line = string.Concat(text.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c)).Replace("{{", "{ {").Trim();
        return (line.Length > longest ? line[..longest] : line).Trim();
    }

    private static string WithoutQuery(string url) => url.Split('?', '#')[0];
}
