using Pressure.Chaos;
using Pressure.Web.Runs;
using Pressure.Web.State;

namespace Pressure.Web.Chaos;

/// <summary>Notes at schedules what came of moments whose node has died: how the run or drill ended that this node, or another, brought to its end.</summary>
internal sealed class LeftMoments(ChaosService chaos, RunStore runs)
{
    public async Task NoteAsync(AbandonedClaim left)
    {
        if (ScheduleClaims.ScheduleOf(left.What) is { } schedule)
            await chaos.Schedules.AbandonedAsync(schedule, left.At, left.Node, OutcomeOf(left.Run));
    }

    private DrillOutcome? OutcomeOf(string? run)
    {
        if (run is null || runs.Find(run) is not { } listing)
            return null;
        if (DrillFile.TryRead(listing.Folder) is { } drill)
            return new(drill.End is { Left.Count: > 0 } ? ScheduleNoteKind.Failed : ScheduleNoteKind.Stopped, string.Join(" ", drill.End?.Left ?? []), run);
        return listing.Summary is { } summary ? ScheduledRuns.Of(summary, run) : new(ScheduleNoteKind.Stopped, "") { Run = run };
    }
}
