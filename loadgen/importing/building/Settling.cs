using System.Text.RegularExpressions;

namespace Pressure.LoadGen.Importing;

/// <summary>
/// Holds a draft against the plan reader and takes out what it refuses, so that the reader's rules stand in one place only and every
/// imported plan can be run.
/// </summary>
internal static partial class Settling
{
    /// <summary>The draft without what the reader refuses, as text; null after saying why nothing is left.</summary>
    public static (PlanDraft Draft, string Yaml)? Settle(PlanDraft draft, IReadOnlyList<string> places, ImportScope scope)
    {
        var left = draft.Urls.Zip(places, (u, p) => (Url: u, Place: p)).ToList();
        while (left.Count > 0)
        {
            draft = draft with { Urls = [.. left.Select(l => l.Url)] };
            var yaml = PlanWriter.ToYaml(draft);
            if (System.Text.Encoding.UTF8.GetByteCount(yaml) > PlanReader.MaxBytes - CommentBytes)
            {
                var largest = left.MaxBy(l => l.Url.Body?.Length + l.Url.Headers.Sum(h => h.Value.Length) + l.Url.Url?.Length ?? 0);
                Skip(largest, "the plan would be larger than plans may be", scope);
                left.Remove(largest);
                continue;
            }
            var problems = PlanReader.Parse(yaml, "plan").Problems;
            if (problems.Count == 0)
                return (draft, yaml);
            if (!TakeOut(problems, left, scope) && !JsonToText(left))
            {
                var problem = problems[0];
                scope.Fail($"no plan can be made of it: {problem.Field}: {problem.Message}", problem.Remedy);
                return null;
            }
        }
        scope.Fail("no request is left that a plan can hold", "See above what was left out and why.");
        return null;
    }

    /// <summary>Room for the comments at the top.</summary>
    private const int CommentBytes = 64 * 1024;

    private static bool TakeOut(IReadOnlyList<PlanProblem> problems, List<(UrlDraft Url, string Place)> left, ImportScope scope)
    {
        var drop = new HashSet<int>();
        var changed = false;
        foreach (var problem in problems)
        {
            if (Field().Match(problem.Field) is not { Success: true } match || !int.TryParse(match.Groups[1].Value, out var i) || i >= left.Count)
                continue;
            var url = left[i].Url;
            var header = match.Groups["header"].Value;
            if (header.Length > 0 && url.Headers.Any(h => Shown.Of(h.Key) == header))
            {
                scope.Skip($"header {header}", problem.Message, left[i].Place);
                left[i] = left[i] with { Url = url with { Headers = [.. url.Headers.Where(h => Shown.Of(h.Key) != header)] } };
                changed = true;
            }
            else if (match.Groups["json"].Success && url.BodyKind == BodyKind.Json)
            {
                left[i] = left[i] with { Url = BodyShape.AsText(url) };
                changed = true;
            }
            else if (drop.Add(i))
            {
                Skip(left[i], problem.Message, scope);
            }
        }
        foreach (var i in drop.OrderDescending())
            left.RemoveAt(i);
        // Each pass takes something out, so settling ends.
        return changed || drop.Count > 0;
    }

    /// <summary>Together JSON bodies may be more than a plan's tree holds; as texts they count one each.</summary>
    private static bool JsonToText(List<(UrlDraft Url, string Place)> left)
    {
        var any = left.Exists(l => l.Url.BodyKind == BodyKind.Json);
        for (var i = 0; i < left.Count; i++)
            left[i] = left[i] with { Url = BodyShape.AsText(left[i].Url) };
        return any;
    }

    private static void Skip((UrlDraft Url, string Place) request, string why, ImportScope scope) =>
        scope.Skip($"{request.Url.Method} {request.Url.Url}", why, request.Place);

    [GeneratedRegex(@"\Ascenarios\[(\d+)\](\.steps\[0\](\.headers(\[\d+\])?\.(?<header>.+)|(?<json>\.json).*)?)?")]
    private static partial Regex Field();
}
