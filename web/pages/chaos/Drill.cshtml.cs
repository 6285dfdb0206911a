using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pressure.Chaos;
using Pressure.Cluster;
using Pressure.Record;
using Pressure.Web.Api;
using Pressure.Web.Chaos;
using Pressure.Web.Runs;

namespace Pressure.Web.Pages;

/// <summary>One drill: live while it runs, how it went afterwards.</summary>
internal sealed class DrillModel(ChaosService chaos, RunStore runs) : PageModel
{
    public RunningDrill? Running { get; private set; }

    public PastDrill? Past { get; private set; }

    public IReadOnlyList<TimelineEvent> Events { get; private set; } = [];

    /// <summary>The resilience score; null when nothing struck, or there is no report yet.</summary>
    public int? Score => Past is { } past ? runs.Find(past.Manifest.Id)?.Summary?.Chaos?.Score?.Value : null;

    public string Title => Running?.Experiment.Title ?? Past?.File.Title ?? "";

    /// <summary>The number of the first event that the page does not show yet.</summary>
    public int Follow { get; private set; }

    public IEnumerable<string> Files => RunFiles.Names.Where(name => System.IO.File.Exists(Path.Combine(Past!.Folder, name)));

    public IActionResult OnGet(string id)
    {
        Running = chaos.Desk.Find(id);
        if (Running is not null)
        {
            (var first, Events) = Running.Events.Kept();
            Follow = first + Events.Count;
            return Page();
        }
        Past = chaos.History.Find(id);
        if (Past is null)
            return NotFound();
        Events = ReadEvents(Past.Folder);
        return Page();
    }

    public IActionResult OnPostStop(string id)
    {
        chaos.Desk.Find(id)?.Stop(ExperimentModel.By);
        return Redirect($"/chaos/drills/{Uri.EscapeDataString(id)}");
    }

    /// <summary>How far the answer to a disturbance is, for the timeline.</summary>
    public IActionResult OnPostMark(string id, string? mark)
    {
        if (MarkText.WhyNot(mark, null) is null)
            chaos.Desk.Find(id)?.Mark(mark!, ExperimentModel.By);
        return Redirect($"/chaos/drills/{Uri.EscapeDataString(id)}");
    }

    /// <summary>What somebody should look at.</summary>
    public static bool IsBad(TimelineEvent what) =>
        what is TimelineEvent.RevertIncomplete or TimelineEvent.FaultFailed or TimelineEvent.ProbeFailed or TimelineEvent.StrikeRefused or TimelineEvent.RunFailed;

    private static IReadOnlyList<TimelineEvent> ReadEvents(string folder)
    {
        try
        {
            return [.. RunFolder.ReadEvents(folder)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            // The run's own page tells that it can't be read.
            return [];
        }
    }
}
