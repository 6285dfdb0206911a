using System.CommandLine;
using Pressure.Agent;
using Pressure.Cli.Capture;
using Pressure.Cli.Replay;
using Pressure.TrafficCopy;

namespace Pressure.Cli.Commands;

/// <summary>Options of capturing on agents' hosts, here and for a replay of what passes there.</summary>
internal sealed class CaptureAgentOptions
{
    private readonly Option<string[]> _agents = new("--agent") { Description = "Capture on this agent's host (repeatable), if its owner allows it; --interface may be left out", HelpName = "NAME", DefaultValueFactory = _ => [] };
    private readonly Option<string?> _service = new("--service") { Description = "The service that the agents dial in to (default: PRESSURE_SERVICE, else http://127.0.0.1:5100)", HelpName = "URL" };

    /// <summary>Puts them into a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_agents);
        command.Options.Add(_service);
    }

    /// <summary>Whether agents are to capture.</summary>
    public bool IsAsked(ParseResult parsed) => parsed.GetValue(_agents) is { Length: > 0 };

    /// <summary>The agents that are named.</summary>
    public IReadOnlyList<string> Agents(ParseResult parsed) => [.. (parsed.GetValue(_agents) ?? []).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>The service, as typed.</summary>
    public string? Service(ParseResult parsed) => parsed.GetValue(_service);

    /// <summary>What agents are asked for when this machine would capture so.</summary>
    public static CaptureAsk AskOf(CaptureOrder order, LiveCaptureOptions live, IReadOnlyList<string> masks, bool isLimitGiven) => new()
    {
        Interface = live.Interface,
        Ports = live.Filter.Ports,
        Servers = live.Filter.Hosts,
        Filter = live.Filter.Expression,
        RequestsOnly = live.Filter.RequestsOnly,
        Cpu = live.CpuShare,
        BufferBytes = Math.Min(live.BufferBytes, 64 << 20),
        Seconds = live.MaxTime == TimeSpan.MaxValue ? 0 : live.MaxTime.TotalSeconds,
        MaxBytes = live.MaxBytes == long.MaxValue ? 0 : live.MaxBytes,
        Masks = masks,
        Hash = order.Masks.Hash,
        Methods = order.Filter.Methods,
        Hosts = order.Filter.Hosts,
        Paths = order.Filter.Paths,
        Except = order.Filter.ExceptPaths,
        Share = order.Filter.Share,
        Seed = order.Filter.Seed,
        Bodies = order.Sources.Conversations.Bodies switch { KeptBodies.None => "none", KeptBodies.Requests => "requests", _ => "all" },
        BodyLimit = isLimitGiven ? order.Sources.Conversations.BodyLimit : new CaptureAsk().BodyLimit,
        Tcp = order.Sources.Conversations.KeepRaw,
    };

    /// <summary>What can't be had from agents.</summary>
    public void Check(ParseResult parsed, IReadOnlyList<Option> impossible, List<OptionProblem> problems)
    {
        if (!IsAsked(parsed))
        {
            if (parsed.GetResult(_service) is { Implicit: false })
                problems.Add(new(_service.Name, "means nothing without agents", $"Give {_agents.Name} too, or leave it out."));
            return;
        }

        foreach (var option in impossible.Where(o => parsed.GetResult(o) is { Implicit: false }))
            problems.Add(new(option.Name, "can't be had from agents", option.Name is "--keep" or "--no-mask" ? "An agent masks what is usually masked before it leaves its host. Leave it out." : "Leave it out."));
    }
}
