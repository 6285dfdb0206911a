using System.CommandLine;
using System.Net;
using Pressure.Web.State;

namespace Pressure.Cli.Commands;

/// <summary>What makes a service one node of several.</summary>
internal sealed class NodeSettings
{
    private readonly Option<string?> _database = new("--database") { Description = $"PostgreSQL database that several services share (docs/service-nodes.md); the password in ${DatabaseAddress.PasswordVariable}", HelpName = "postgres://USER@HOST/NAME" };
    private readonly Option<string?> _passwordFile = new("--database-password-file") { Description = "File with the database's password", HelpName = "FILE" };
    private readonly Option<string?> _advertise = new("--advertise") { Description = "Where the other services reach this one (default: --url)", HelpName = "URL" };
    private readonly Option<string[]> _names = new("--public-name") { Description = "Name by which browsers reach the service: a balancer's or proxy's; may be repeated", HelpName = "NAME" };

    public void AddTo(Command command)
    {
        command.Add(_database);
        command.Add(_passwordFile);
        command.Add(_advertise);
        command.Add(_names);
    }

    public IReadOnlyList<string> Names(ParseResult parsed) => parsed.GetValue(_names) ?? [];

    /// <summary>What was asked; what is wrong with it, for people.</summary>
    public (NodeOptions? Node, string? Problem) Read(ParseResult parsed, string url)
    {
        if (parsed.GetValue(_database) is not { } text)
            return (null, parsed.GetValue(_advertise) is null ? null : "--advertise needs --database: a single service has nobody to be found by.");
        string? password;
        try
        {
            password = parsed.GetValue(_passwordFile) is { } file ? File.ReadAllText(file).TrimEnd('\r', '\n') : Environment.GetEnvironmentVariable(DatabaseAddress.PasswordVariable);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"--database-password-file can't be read: {e.Message}");
        }
        var (address, problem) = DatabaseAddress.Parse(text, password);
        if (address is null)
            return (null, problem);
        var advertise = parsed.GetValue(_advertise);
        if (advertise is not null && !(Uri.TryCreate(advertise, UriKind.Absolute, out var told) && told.Scheme is "http" or "https" && told.PathAndQuery == "/"))
            return (null, "--advertise must be an address such as http://10.0.0.7:5100.");
        if (advertise is null && Uri.TryCreate(url, UriKind.Absolute, out var listens) && IPAddress.TryParse(listens.DnsSafeHost, out var bound) && (bound.Equals(IPAddress.Any) || bound.Equals(IPAddress.IPv6Any)))
            return (null, $"{url} is no address to be reached at: tell the other services how by --advertise http://HOST:{listens.Port}.");
        return (new NodeOptions(address) { Advertise = advertise?.TrimEnd('/') }, null);
    }
}
