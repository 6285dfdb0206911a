using Pressure.Record;
using Pressure.Reports;

namespace Pressure.Web.Runs;

/// <summary>A run folder as lists show it.</summary>
/// <param name="Id">The run's id; the folder's name when the manifest can't be read.</param>
/// <param name="Folder">Full path.</param>
/// <param name="State">What can be said of it.</param>
/// <param name="Manifest">The manifest, unless <see cref="RunState.Unreadable"/>.</param>
/// <param name="Summary">The summary, once there is one.</param>
/// <param name="Problem">Why the folder can't be read.</param>
internal sealed record RunListing(string Id, string Folder, RunState State, RunManifest? Manifest, RunSummary? Summary, string? Problem)
{
    public string Name => Manifest?.Name ?? Id;

    public DateTimeOffset StartedAt => Manifest?.StartedAt ?? DateTimeOffset.MinValue;

    /// <summary>Highest rate asked for, requests per second.</summary>
    public double PeakRate => Manifest?.Load.Segments.Select(s => Math.Max(s.FromRate, s.ToRate)).DefaultIfEmpty().Max() ?? 0;

    /// <summary>Share (0 to 1) of the sent requests that failed.</summary>
    public double? ErrorShare => Summary is { Requests: { Sent: > 0 } r } ? (double)r.Failed / r.Sent : null;
}
