using Pressure.Chaos;
using Pressure.Faults;
using Pressure.Web.Language;

namespace Pressure.Web.Api;

/// <summary>A kind of fault as the API lists it.</summary>
internal sealed record FaultView(string Kind, string Summary, TargetKind Target, bool Risky, bool EndsByItself, IReadOnlyList<ParameterView> Parameters)
{
    public static FaultView Of(FaultDescription fault) => new(fault.Kind, fault.Summary, fault.Target, fault.Risky, fault.EndsByItself, ParameterView.Of(fault.Parameters));
}

/// <summary>A kind of probe as the API lists it.</summary>
internal sealed record ProbeKindView(string Kind, string Summary, IReadOnlyList<ParameterView> Parameters)
{
    public static ProbeKindView Of(ProbeDescription probe) => new(probe.Kind, probe.Summary, ParameterView.Of(probe.Parameters));
}

/// <summary>An argument.</summary>
internal sealed record ParameterView(string Name, ParameterType Type, string Summary, string? Default, bool Required)
{
    public static IReadOnlyList<ParameterView> Of(IEnumerable<FaultParameter> parameters) => [.. parameters.Select(p => new ParameterView(p.Name, p.Type, p.Summary, p.Default, p.Required))];
}

/// <summary>An experiment as the API lists it.</summary>
internal sealed record ExperimentView(string Name, string Title, string Description, IReadOnlyList<string> Tags, bool Valid, bool Risky, DateTimeOffset ChangedAt, IReadOnlyDictionary<string, string> Links)
{
    public static ExperimentView Of(KeptExperiment kept) => new(
        kept.Name, kept.Title, kept.Result.Experiment?.Description ?? "", kept.Result.Experiment?.Tags ?? [], kept.Result.Experiment is not null,
        kept.Result.Experiment?.Settings.Risky ?? false, kept.ChangedAt,
        new Dictionary<string, string> { ["self"] = $"/api/chaos/experiments/{kept.Name}", ["preview"] = $"/api/chaos/experiments/{kept.Name}/preview", ["run"] = $"/api/chaos/experiments/{kept.Name}/run", ["page"] = $"/chaos/experiments/{kept.Name}" });
}

/// <summary>An experiment with its text.</summary>
internal sealed record ExperimentTextView(ExperimentView Experiment, string Text, IReadOnlyList<ExperimentProblemView> Problems, IReadOnlyList<string> Notices);

/// <summary>What the service thinks of an experiment.</summary>
internal sealed record ExperimentCheck(bool Valid, string? Title, IReadOnlyList<ExperimentProblemView> Problems, IReadOnlyList<string> Notices)
{
    public static ExperimentCheck Of(ExperimentResult result) => new(result.Experiment is not null, result.Experiment?.Title, ExperimentProblemView.Of(result.Problems), result.Experiment?.Notices ?? []);
}

/// <summary>A problem of an experiment as the API shows it.</summary>
internal sealed record ExperimentProblemView(int Line, int Column, string Field, string Message, string Remedy)
{
    public static IReadOnlyList<ExperimentProblemView> Of(IEnumerable<ExperimentProblem> problems) => [.. problems.Select(p => new ExperimentProblemView(p.Line, p.Column, p.Field, p.Message, p.Remedy))];
}

/// <summary>A drill as the API lists it. Seconds are on the drill's clock.</summary>
internal sealed record DrillView(
    string Id, string Experiment, string Title, string By, string? Schedule, string State, DateTimeOffset StartedAt, DrillEnd? End,
    IReadOnlyList<FaultInForceView> Faults, IReadOnlyList<ProbeLightView> Probes, IReadOnlyList<string> Left, IReadOnlyDictionary<string, string> Links)
{
    /// <summary>The resilience score, 0 to 100; null as long as it runs, and when nothing struck.</summary>
    public int? Score { get; init; }

    public static DrillView Of(RunningDrill drill)
    {
        var standing = drill.Standing;
        return new(drill.Id, drill.Order.Experiment, drill.Experiment.Title, drill.Order.By, drill.Order.Schedule, drill.StoppedBy is null ? "running" : "stopping", drill.Clock.StartedAt, null,
            [.. standing.Faults.Select(f => FaultInForceView.Of(f, drill.Clock.StartedAt))], [.. standing.Probes.Select(ProbeLightView.Of)], [.. standing.Left.Values], LinksOf(drill.Id, runs: true));
    }

    public static DrillView Of(PastDrill drill) => new(
        drill.Manifest.Id, drill.File.Experiment, drill.File.Title, drill.File.By, drill.File.Schedule, drill.File.End is { } end ? RunView.Kebab(end.Status) : "lost",
        drill.Manifest.StartedAt, drill.File.End, [], [], drill.File.End?.Left ?? [], LinksOf(drill.Manifest.Id, runs: false));

    private static Dictionary<string, string> LinksOf(string id, bool runs)
    {
        var self = $"/api/chaos/drills/{Uri.EscapeDataString(id)}";
        var links = new Dictionary<string, string> { ["self"] = self, ["run"] = $"/api/runs/{Uri.EscapeDataString(id)}", ["page"] = $"/chaos/drills/{Uri.EscapeDataString(id)}" };
        if (runs)
            (links["live"], links["stop"], links["marks"]) = ($"{self}/live", $"{self}/stop", $"{self}/marks");
        return links;
    }
}

/// <summary>A fault that holds.</summary>
internal sealed record FaultInForceView(string Handle, string Fault, string Host, string On, string Arguments, double Since, double Until, DateTimeOffset Deadline)
{
    /// <summary>What it is called.</summary>
    public string Title { get; init; } = KindText.Fault(Fault, Texts.En);

    public static FaultInForceView Of(FaultInForce fault, DateTimeOffset startedAt) =>
        new(fault.Handle, fault.Fault, fault.Host, fault.On, fault.Arguments, fault.Since.TotalSeconds, fault.Until.TotalSeconds, startedAt + fault.Until);
}

/// <summary>What a probe said last.</summary>
internal sealed record ProbeLightView(string Probe, bool Holds, string Why, double Since)
{
    public static ProbeLightView Of(ProbeLight light) => new(light.Probe, light.Holds, light.Why, light.Since.TotalSeconds);
}

/// <summary>What probes said when they were asked once; <c>exitCode</c> is what a build should end with.</summary>
internal sealed record ProbeRunView(bool Passed, int ExitCode, string Title, IReadOnlyList<ProbeLightView> Probes)
{
    public static ProbeRunView Of(ProbeRun run) => new(run.Passed, run.ExitCode, run.Title, [.. run.Probes.Select(ProbeLightView.Of)]);
}

/// <summary>A schedule as the API lists it.</summary>
internal sealed record ScheduleView(DrillSchedule Schedule, bool On, string? Off, int FailuresInRow, IReadOnlyList<DateTimeOffset> Next, IReadOnlyList<ScheduleNote> Notes)
{
    /// <summary>Next beginnings that are shown.</summary>
    public const int Shown = 5;

    public static ScheduleView Of(KeptSchedule kept, DateTimeOffset now) =>
        new(kept.Schedule, kept.State.Off is null, kept.State.Off, kept.State.FailuresInRow, kept.State.Off is null ? kept.Plan.Next(now, Shown) : [], [.. kept.State.Notes.Reverse()]);
}
