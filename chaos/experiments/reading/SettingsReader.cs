using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>Reads the extension <c>pressure</c>; extensions of others are kept and not looked at.</summary>
internal sealed class SettingsReader(ExperimentProblems problems)
{
    public ExperimentSettings Read(ExperimentNode? node, Func<ExperimentNode, ExperimentNode> replace)
    {
        if (node is null)
            return new();
        if (node is not ExperimentNode.List list)
        {
            problems.Add(node, "extensions", $"is {node.Kind}, but should be a list", "Write extensions: [ { name: pressure, ... } ].");
            return new();
        }
        ExperimentSettings? settings = null;
        foreach (var (i, item) in list.Items.Index())
        {
            var path = $"extensions[{i}]";
            if (ExperimentFields.Open(item, path, "Write { name: pressure, ... }.", problems) is not { } named || named.Text("name", "Name the extension: name: pressure.") is not { } name)
                continue;
            if (name != "pressure")
                problems.Notice($"The extension '{ExperimentProblems.Shown(name)}' is somebody else's; it is kept and left aside.");
            else if (settings is not null)
                problems.Add(item, path, "the extension pressure is given twice", "Keep one of them.");
            else
                settings = ReadOwn(ExperimentFields.Open(replace(item), path, "", problems)!);
        }
        return settings ?? new();
    }

    private ExperimentSettings ReadOwn(ExperimentFields fields)
    {
        fields.CheckKnown("name", "lease", "load", "maxTargets", "maxShare", "risky", "probeEvery", "stopOnDeviation", "settle", "calendar");
        var usual = new ExperimentSettings();
        return new()
        {
            Lease = fields.Duration("lease", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)) ?? usual.Lease,
            Load = fields.Text("load"),
            MaxTargets = MaxTargets(fields),
            MaxShare = MaxShare(fields),
            Risky = fields.Flag("risky"),
            ProbeEvery = fields.Duration("probeEvery", TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)),
            StopOnDeviation = fields.Flag("stopOnDeviation", otherwise: true),
            Settle = fields.Duration("settle", TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1)) ?? default,
            Calendar = fields["calendar"] is { } calendar && ExperimentFields.Open(calendar, fields.PathTo("calendar"), "Write calendar: { cron: '30 9 * * MON-FRI', timeZone: Asia/Shanghai }.", problems) is { } entries
                ? entries.Node.ToJson() : null,
        };
    }

    private static int? MaxTargets(ExperimentFields fields)
    {
        if (fields.Text("maxTargets") is not { } text)
            return null;
        if (FaultArguments.Number(text) is >= 1 and <= 1_000_000 and var most)
            return (int)most;
        fields.Report("maxTargets", $"'{ExperimentProblems.Shown(text)}' is no number of targets", "Write a whole number from 1.");
        return null;
    }

    private static double? MaxShare(ExperimentFields fields)
    {
        if (fields.Text("maxShare") is not { } text)
            return null;
        if (FaultArguments.Percent(text) is > 0 and var share)
            return share;
        fields.Report("maxShare", $"'{ExperimentProblems.Shown(text)}' is no share of the targets", "Write a share above 0%, such as 50%.");
        return null;
    }
}
