using System.CommandLine;
using System.Text.Json.Nodes;
using Pressure.Cli.Chaos;
using Pressure.Cli.ConsoleOutput;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure chaos fault KIND</c>: one fault, held in the foreground and undone at its end or at Ctrl-C.</summary>
internal static class ChaosFaultCommand
{
    public static Command Create(TimeProvider time)
    {
        var kind = new Argument<string>("KIND") { Description = "Kind of fault; 'pressure chaos faults' lists them" };
        var target = new Option<string>("--target", "-t") { Description = "What it strikes: container=shop-item, process=1234, host=local, or with conditions as in an experiment: container={\"labels\":{\"app\":\"shop\"}}", HelpName = "TARGET", Required = true };
        target.Validators.Add(given =>
        {
            if (TargetText.Parse(given.GetValueOrDefault<string>() ?? "") is not JsonObject)
                given.AddError($"'{given.GetValueOrDefault<string>()}' does not say what kind of thing is struck. Write container=NAME, process=NAME, host=local, pod=NAME, or JSON as in an experiment.");
        });
        var duration = new Option<string>("--duration", "-d") { Description = "How long it holds: 30s", HelpName = "TIME", Required = true };
        var arguments = ChaosOptions.Arguments();
        var stages = new Option<string?>("--stages") { Description = "Strikes little by little: 1,25%,100%", HelpName = "STAGES" };
        var stageTime = new Option<string?>("--stage-time") { Description = "Time between stages", HelpName = "TIME" };
        var lease = new Option<string?>("--lease") { Description = "How long it outlives the loss of this command", HelpName = "TIME" };
        var maxTargets = new Option<string?>("--max-targets") { Description = "Most targets at once", HelpName = "N" };
        var maxShare = new Option<string?>("--max-share") { Description = "Most of each group at once: 50%", HelpName = "SHARE" };
        var risky = new Option<bool>("--risky") { Description = "Needs a second person's approval" };
        var seed = ChaosOptions.Seed();
        var service = ChaosOptions.Service();
        var json = SharedOptions.Json();
        var quiet = SharedOptions.Quiet();
        var command = new Command("fault", "Hold one fault in the foreground; it is undone at its end or at Ctrl-C") { kind, target, duration, arguments, stages, stageTime, lease, maxTargets, maxShare, risky, seed, service, json, quiet };
        command.SetAction(async (parsed, _) =>
        {
            var (asJson, isQuiet) = (parsed.GetValue(json), parsed.GetValue(quiet));
            var output = new ExperimentOutput(asJson, isQuiet);
            var settings = new JsonObject { ["name"] = "pressure" };
            Add(settings, "lease", parsed.GetValue(lease));
            Add(settings, "maxTargets", parsed.GetValue(maxTargets));
            Add(settings, "maxShare", parsed.GetValue(maxShare));
            if (parsed.GetValue(risky))
                settings["risky"] = true;
            var provider = new JsonObject { ["type"] = "pressure", ["fault"] = parsed.GetRequiredValue(kind), ["target"] = TargetText.Parse(parsed.GetRequiredValue(target)), ["duration"] = parsed.GetRequiredValue(duration) };
            if (parsed.GetValue(stages) is { } written)
                provider["stages"] = new JsonArray([.. written.Split(',').Select(s => (JsonNode)s.Trim())]);
            Add(provider, "stageTime", parsed.GetValue(stageTime));
            var read = LineExperiment.Fault(provider, parsed.GetValue(arguments) ?? [], settings);
            return read.Experiment is { } experiment
                ? await new DrillRun(output, isShown: !asJson && !isQuiet, time) { Seed = parsed.GetValue(seed), Service = parsed.GetValue(service) }.HeldAsync(experiment)
                : output.Problems(read.Problems);
        });
        return command;
    }

    private static void Add(JsonObject to, string key, string? value)
    {
        if (value is not null)
            to[key] = value;
    }
}
