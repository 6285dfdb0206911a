using System.CommandLine;
using Pressure.LoadGen;

namespace Pressure.Cli.Replay;

/// <summary>Options of <c>pressure replay</c> for traffic that is replayed while it passes.</summary>
internal sealed class LiveReplayOptions
{
    private readonly Option<string[]> _agents = new("--agent") { Description = "Replay what passes on this agent's host, while it passes (repeatable: all onto one target)", HelpName = "NAME", DefaultValueFactory = _ => [] };
    private readonly Option<string?> _interface = new("--interface") { Description = "Replay what passes this interface of this machine; with --agent of the agents' hosts (default: any)", HelpName = "NAME" };
    private readonly Option<string[]> _ports = new("--port") { Description = "Servers' port to take (repeatable)", HelpName = "PORT", DefaultValueFactory = _ => [] };
    private readonly Option<string[]> _servers = new("--server") { Description = "Servers to take: an address, or a network such as 10.0.0.0/8 (repeatable)", HelpName = "ADDRESS", DefaultValueFactory = _ => [] };
    private readonly Option<string?> _delay = new("--delay") { Description = "How long after it happened each request is due: 2s when not given", HelpName = "TIME" };
    private readonly Option<string?> _service = new("--service") { Description = "The service that the agents dial in to (default: PRESSURE_SERVICE, else http://127.0.0.1:5100)", HelpName = "URL" };

    /// <summary>Puts them all into a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _agents, _interface, _ports, _servers, _delay, _service })
            command.Options.Add(option);
    }

    /// <summary>Whether something is replayed while it passes.</summary>
    public bool IsAsked(ParseResult parsed) => parsed.GetValue(_agents) is { Length: > 0 } || parsed.GetValue(_interface) is not null;

    /// <summary>The service, as typed.</summary>
    public string? Service(ParseResult parsed) => parsed.GetValue(_service);

    /// <summary>A draft with what was typed, and all that is wrong with it together.</summary>
    public ReplayDraft Draft(ParseResult parsed, ReplayDraft draft, List<OptionProblem> problems)
    {
        if (!IsAsked(parsed))
        {
            if (draft.Captures.Count == 0)
                problems.Add(new("CAPTURE", "is missing", $"Name a capture, agents with {_agents.Name}, or an interface with {_interface.Name}."));
            foreach (var option in new Option[] { _ports, _servers, _delay, _service }.Where(o => parsed.GetResult(o) is { Implicit: false }))
                problems.Add(new(option.Name, "means nothing for captures", $"Give {_agents.Name} or {_interface.Name} too, or leave it out."));
            return draft;
        }

        if (draft.Captures.Count > 0)
            problems.Add(new("CAPTURE", "can't be replayed together with what passes meanwhile", "Leave one of the two out."));
        var agents = parsed.GetValue(_agents) ?? [];
        var named = parsed.GetValue(_interface);
        if (named is { Length: 0 })
            problems.Add(new(_interface.Name, "is empty", "Write a name as ip link lists them, or any."));
        return draft with
        {
            Agents = agents,
            Interface = named is { Length: 0 } ? "any" : named,
            Ports = parsed.GetValue(_ports) ?? [],
            Servers = parsed.GetValue(_servers) ?? [],
            Delay = parsed.GetValue(_delay),
        };
    }

    /// <summary>The option that a field of <c>load.replay.live</c> was made of.</summary>
    public string OptionOf(string field) =>
        field.Contains("ports", StringComparison.Ordinal) ? _ports.Name
        : field.Contains("servers", StringComparison.Ordinal) ? _servers.Name
        : field.Contains("delay", StringComparison.Ordinal) ? _delay.Name
        : field.Contains("interface", StringComparison.Ordinal) ? _interface.Name
        : _agents.Name;

    /// <summary>A name for a run of it.</summary>
    public string NameOf(ParseResult parsed)
    {
        var agents = parsed.GetValue(_agents) ?? [];
        return agents.Length switch
        {
            0 => $"live replay of {parsed.GetValue(_interface)}",
            1 => $"live replay of {agents[0]}",
            _ => $"live replay of {agents[0]} and {agents.Length - 1} more",
        };
    }
}
