using Pressure.Chaos;
using Pressure.Web.Settings;

namespace Pressure.Web.Chaos;

/// <summary>
/// What an experiment may not do through the service, which has no login: run programs, or ask hosts that are not on the allow-list. Whoever may do
/// that on the machine has the command line for it.
/// </summary>
internal sealed class ServiceRules(SettingsFile settings)
{
    private const string RunsProgram = "runs a program, which experiments of the service may not";

    /// <summary>Reads an experiment by the service's rules.</summary>
    public ExperimentResult Read(string text, string name, ExperimentKinds kinds)
    {
        var read = ExperimentReader.Parse(text, name, Variable, kinds);
        if (read.Experiment is not { } experiment)
            return read;
        var guard = settings.Guard();
        List<ExperimentProblem> problems = [];
        foreach (var activity in (experiment.Hypothesis?.Probes ?? []).Concat(experiment.Method).Concat(experiment.Rollbacks).Distinct())
        {
            if (activity.Provider is Provider.Process program)
                problems.Add(At(text, name, program.Path, activity.Name, RunsProgram, "Use a request or one of our own probes and faults, or run it on the machine: pressure chaos run"));
            else if (activity.Provider is Provider.Fault fault && CommandOf(fault) is { } command)
                problems.Add(At(text, name, command, activity.Name, RunsProgram, "Use a fault that needs no command, such as process-freeze, or run it on the machine: pressure chaos run"));
            else if (UrlOf(activity.Provider) is { } url && Uri.TryCreate(url, UriKind.Absolute, out var uri) && !guard.Allows(uri))
                problems.Add(At(text, name, url, activity.Name, $"asks {uri.Authority}, which is not on the list of hosts that may be tested", "Add it on the settings page, or ask this machine."));
        }
        return problems.Count == 0 ? read : new(null, problems);
    }

    /// <summary>Reads a monkey's plan by the service's rules.</summary>
    public static MonkeyPlanResult ReadMonkey(string text, string name, ExperimentKinds kinds)
    {
        var read = MonkeyPlanReader.Parse(text, name, kinds);
        var problems = (read.Plan?.Groups ?? []).Where(g => CommandOf(g.Strike) is not null)
            .Select(g => At(text, name, CommandOf(g.Strike)!, g.Name, RunsProgram, "Use a fault that needs no command, such as process-freeze, or run it on the machine: pressure chaos monkey")).ToList();
        return problems.Count == 0 ? read : new(null, problems);
    }

    /// <summary>Only variables that are meant for experiments: the service's own secrets stand in its environment too.</summary>
    private static string? Variable(string name) => name.StartsWith("CHAOS_", StringComparison.Ordinal) ? Environment.GetEnvironmentVariable(name) : null;

    /// <summary>The command of the shell that a fault runs; null for all that run none.</summary>
    private static string? CommandOf(Provider.Fault fault) => ExperimentKinds.Usual.Faults.Any(f => f.Kind == fault.Kind && f.RunsCommands) ? fault.Arguments["restart"]?.ToString() ?? "restart" : null;

    private static string? UrlOf(Provider provider) => provider switch
    {
        Provider.Http http => http.Url,
        Provider.Probe { Kind: "http" } probe => probe.Arguments["url"]?.ToString(),
        Provider.Probe { Kind: "tcp" } probe => $"tcp://{probe.Arguments["host"]}:{probe.Arguments["port"]}",
        _ => null,
    };

    /// <summary>The place is found by what stands there: names have been replaced, so it may be the activity's.</summary>
    private static ExperimentProblem At(string text, string name, string what, string within, string message, string remedy)
    {
        var lines = text.Split('\n');
        var line = Array.FindIndex(lines, l => l.Contains(what, StringComparison.Ordinal));
        if (line < 0)
            line = Array.FindIndex(lines, l => l.Contains(within, StringComparison.Ordinal));
        return new(name, line + 1, 1, within, message, remedy);
    }
}
