namespace Pressure.LoadGen;

/// <summary>Reads <c>chaos:</c>, the experiments that run beside the load, and when each begins. What stands in their files others read.</summary>
internal static class ChaosReader
{
    private const int Most = 20;
    private const string Remedy = "Write experiments such as [ kill-one.yaml ] or [ { experiment: kill-one.yaml, at: 30s } ].";

    /// <param name="node">The list, if there is one.</param>
    /// <param name="place">Where experiments are.</param>
    /// <param name="load">The load, in whose time they must begin.</param>
    /// <param name="problems">What is wrong.</param>
    public static List<PlannedExperiment> Read(PlanNode? node, ExperimentPlace place, LoadReader.Asked? load, ProblemList problems)
    {
        if (node is PlanNode.Sequence { Items.Count: 0 })
            return [];
        var items = ScalarReader.Items(node, "chaos", Most, Remedy, problems);
        return [.. items.Select((item, i) => Read(item, $"chaos[{i}]", place, load, problems)).OfType<PlannedExperiment>()];
    }

    private static PlannedExperiment? Read(PlanNode item, string path, ExperimentPlace place, LoadReader.Asked? load, ProblemList problems)
    {
        // Measuring has begun then: what happens shows in the figures.
        var usual = load?.WarmUp ?? TimeSpan.Zero;
        if (item is PlanNode.Scalar)
            return ScalarReader.TryRead<string>(item, path, PlainText.Any, problems, out var file) ? Of(item, path, file, usual, place, problems) : null;
        if (FieldReader.Open(item, path, PlanKeys.Experiment, problems) is not { } fields)
            return null;
        fields.Required("experiment", "Name the experiment's file, such as experiment: kill-one.yaml.");
        if (fields.Has("at") && fields.Has("stage"))
            fields.Report("stage", "stands beside at, and both say when it begins", "Keep one of them.");
        var named = fields.Read<string>("experiment", PlainText.Any, "");
        var at = fields.Has("stage") ? StartOf(fields, load) : fields.Read("at", Moment(load), usual);
        return named.Length == 0 ? null : Of(fields["experiment"]!, fields.PathTo("experiment"), named, at, place, problems);
    }

    private static PlannedExperiment? Of(PlanNode node, string path, string name, TimeSpan at, ExperimentPlace place, ProblemList problems)
    {
        if (place.Complaint(name) is { } complaint)
        {
            problems.Add(node, path, complaint.Message, complaint.Remedy);
            return null;
        }
        return new(place.Folder is { } folder ? Path.Combine(folder, name) : name, at) { Name = name, Place = (node.Line, node.Column, path) };
    }

    private static TimeSpan StartOf(FieldReader fields, LoadReader.Asked? load)
    {
        var stage = fields.Read("stage", PlainText.WholeNumber(1, int.MaxValue), 1);
        if (load?.Load is null)
            return default;
        List<TimeSpan> lengths = load.Load switch
        {
            Load.Staged staged => [.. staged.Stages.Select(s => s.Over)],
            Load.Users users => [.. users.Stages.Select(s => s.Over)],
            _ => [],
        };
        if (stage <= lengths.Count)
            return lengths.Take(stage - 1).Aggregate(TimeSpan.Zero, (sum, next) => sum + next);
        fields.Report("stage", lengths.Count == 0 ? "the load has no stages" : $"the load has {lengths.Count} stages", "Say when it begins: at: 30s.");
        return default;
    }

    /// <summary>A time of the run, or a share of the whole load.</summary>
    private static ValueReader<TimeSpan> Moment(LoadReader.Asked? load) => (string text, out TimeSpan value) =>
    {
        if (!text.EndsWith('%'))
            return PlainText.Duration(TimeSpan.Zero, PlanLimits.LongestDuration)(text, out value) ?? WithinLoad(text, value, load);
        value = default;
        if (load is { IsOpenEnded: true })
            return new("nobody knows how long the load lasts before its captures are opened", "Write a time such as 30s, or give load.duration.");
        if (PercentText.Parse(text, out var share) is { } complaint)
            return complaint;
        value = (load?.Duration ?? default) * share;
        return WithinLoad(text, value, load);
    };

    private static Complaint? WithinLoad(string text, TimeSpan value, LoadReader.Asked? load) => load?.Load is not null && value >= load.Duration
        ? new($"the load is over by {Shown.Of(text)}", "Let it begin earlier, or lengthen the load.")
        : null;
}
