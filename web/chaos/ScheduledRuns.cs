using Pressure.Chaos;
using Pressure.LoadGen;
using Pressure.Reports;
using Pressure.Web.Runs;

namespace Pressure.Web.Chaos;

/// <summary>Runs that a schedule begins: a plan with its load, past the same guard as one that somebody starts.</summary>
internal sealed class ScheduledRuns(WebOptions options, RunStarter starter, ActiveRuns active, ExperimentsOfRun experiments)
{
    /// <summary>What is wrong with a schedule's plan.</summary>
    public IEnumerable<ScheduleProblem> Problems(string plan) =>
        PlanReader.Parse(plan, "plan", experiments.Keeps, options.CapturesFolder).Problems.Select(p => new ScheduleProblem("plan", $"line {p.Line}: {(p.Field.Length > 0 ? $"{p.Field}: " : "")}{p.Message}", p.Remedy));

    /// <summary>Runs it, and returns when its reports are written.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="began">Is told the run's id.</param>
    /// <param name="stop">The end of the service.</param>
    public async Task<DrillOutcome> RunAsync(string plan, Action<string> began, CancellationToken stop)
    {
        StartOutcome outcome;
        try
        {
            outcome = await starter.StartAsync(plan, ReportLanguage.En, count: null, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new(ScheduleNoteKind.Stopped, "The service was about to end.");
        }
        switch (outcome)
        {
            case StartOutcome.Started started:
                began(started.Id);
                return active.Find(started.Id) is { } run ? Of((await run.Completion).Summary, started.Id) : new(ScheduleNoteKind.Failed, "It ended at once.") { Run = started.Id };
            case StartOutcome.Invalid invalid:
                return new(ScheduleNoteKind.Failed, $"The plan is not right: {invalid.Problems[0].Message}.");
            case StartOutcome.Refused refused:
                return new(ScheduleNoteKind.Refused, string.Join(" ", refused.Reasons));
            case StartOutcome.Busy { Runs.Count: > 0 } busy:
                return new(ScheduleNoteKind.Skipped, $"As many runs as may go on at once were going on: {string.Join(", ", busy.Runs.Select(r => r.Id))}.");
            case StartOutcome.NoWorkers none:
                return new(ScheduleNoteKind.Failed, string.Join(" ", none.Problems.Select(p => p.Message)));
            case StartOutcome.NotWritable disk:
                return new(ScheduleNoteKind.Failed, disk.Why);
            default:
                return new(ScheduleNoteKind.Stopped, "The service was about to end.");
        }
    }

    /// <summary>What a schedule notes of a run that is over. An interrupted one says nothing of the system.</summary>
    public static DrillOutcome Of(RunSummary summary, string id) => new(
        summary.Verdict switch
        {
            Verdict.Passed or Verdict.NoCriteria => ScheduleNoteKind.Held,
            Verdict.Stopped => ScheduleNoteKind.Stopped,
            _ => ScheduleNoteKind.Failed,
        },
        summary.Verdict is Verdict.Passed or Verdict.NoCriteria ? "" : summary.Reason)
    { Run = id };
}
