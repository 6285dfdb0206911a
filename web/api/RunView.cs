using System.Text.Json;
using Pressure.Web.Runs;

namespace Pressure.Web.Api;

/// <summary>A run as the API lists it. Times in ms, rates per second, shares 0 to 1; figures are null until there is a summary.</summary>
/// <param name="Id">Run id.</param>
/// <param name="Name">The plan's name.</param>
/// <param name="State"><c>running</c>, <c>running-elsewhere</c>, <c>finished</c>, <c>interrupted</c> or <c>unreadable</c>.</param>
/// <param name="Verdict"><c>passed</c>, <c>failed</c>, <c>no-criteria</c>, <c>invalid</c>, <c>stopped</c>, <c>error</c> or <c>not-undone</c>.</param>
/// <param name="Reason">Why, in one sentence.</param>
/// <param name="Target">Base URL.</param>
/// <param name="StartedAt">Wall time of the start.</param>
/// <param name="PlannedSeconds">How long load is planned.</param>
/// <param name="PeakRate">Highest rate asked for.</param>
/// <param name="DeliveredRate">Mean rate delivered.</param>
/// <param name="P95">95 % of the responses took at most this.</param>
/// <param name="ErrorShare">Share of the sent requests that failed.</param>
/// <param name="Problem">Why an unreadable run can't be read.</param>
/// <param name="Links">Where the rest is.</param>
internal sealed record RunView(
    string Id, string Name, string State, string? Verdict, string? Reason, string? Target, DateTimeOffset? StartedAt, double? PlannedSeconds,
    double? PeakRate, double? DeliveredRate, double? P95, double? ErrorShare, string? Problem, IReadOnlyDictionary<string, string> Links)
{
    /// <summary>How many workers make its load; null when this machine does.</summary>
    public int? Workers { get; init; }

    public static RunView Of(RunListing run) => new(
        run.Id,
        run.Name,
        Kebab(run.State),
        run.Summary is { } s ? Kebab(s.Verdict) : null,
        run.Summary?.Reason,
        run.Manifest?.Target,
        run.Manifest?.StartedAt,
        run.Manifest?.Duration.TotalSeconds,
        run.Manifest is null ? null : run.PeakRate,
        run.Summary?.Load.Delivered,
        run.Summary?.ResponseTime.P95,
        run.ErrorShare,
        run.Problem,
        LinksOf(run))
    { Workers = run.Manifest?.Crew?.Workers.Count };

    public static string Kebab<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    private static Dictionary<string, string> LinksOf(RunListing run)
    {
        var self = $"/api/runs/{Uri.EscapeDataString(run.Id)}";
        var links = new Dictionary<string, string> { ["self"] = self, ["page"] = $"/runs/{Uri.EscapeDataString(run.Id)}" };
        if (run.State == RunState.Running)
        {
            foreach (var name in new[] { "live", "status", "rate", "users", "pause", "resume", "finish", "stop" })
                links[name] = $"{self}/{name}";
        }
        if (run.Summary is not null)
            links["summary"] = $"{self}/summary";
        foreach (var name in RunFiles.Names.Where(name => File.Exists(Path.Combine(run.Folder, name))))
            links[name] = $"{self}/files/{name}";
        return links;
    }
}
