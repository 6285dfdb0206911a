using System.CommandLine;
using Pressure.Web.Access;

namespace Pressure.Cli.Commands;

/// <summary>Where and how <c>serve</c> lets agents dial in.</summary>
internal sealed class AgentsOptions
{
    private readonly Option<string?> _url = new("--agents") { Description = "Where agents dial in, e.g. https://0.0.0.0:5443; without it they can't", HelpName = "URL" };
    private readonly Option<string?> _certificate = new("--agents-cert") { Description = "PEM with certificate, chain and key to show to agents (default: signed by an own authority)", HelpName = "FILE" };
    private readonly Option<string[]> _names = new("--agents-name") { Description = "A name or address by which agents reach this machine, besides its own; may be repeated", HelpName = "NAME" };
    private readonly Option<string?> _advertise = new("--agents-advertise") { Description = "Where agents of the service's other nodes reach this one when theirs is away, e.g. https://10.0.0.7:5443 (default: --agents, or the machine's name)", HelpName = "URL" };
    private readonly Option<string> _programs = new("--agents-programs") { Description = "The agent's programs to hand out, as build/agent.sh makes them", HelpName = "DIR", DefaultValueFactory = _ => "dist/agent" };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _url, _certificate, _names, _advertise, _programs })
            command.Add(option);
    }

    /// <summary>What is asked for; null if no agent may dial in.</summary>
    public AccessOptions? Read(ParseResult parsed) => parsed.GetValue(_url) is { } url
        ? new AccessOptions(url) { CertificateFile = parsed.GetValue(_certificate), Names = parsed.GetValue(_names) ?? [], Advertise = parsed.GetValue(_advertise)?.TrimEnd('/'), Programs = Path.GetFullPath(parsed.GetValue(_programs)!) }
        : null;
}
