using System.CommandLine;
using System.Net;
using Pressure.Cli.Replay;
using Pressure.TrafficCopy;

namespace Pressure.Cli.Commands;

/// <summary>Options that say how packets become exchanges.</summary>
internal sealed class CapturePacketOptions
{
    private readonly Option<int[]> _ports = new("--port") { Description = "Servers' port to take (repeatable); all ports when not given", HelpName = "PORT", DefaultValueFactory = _ => [] };
    private readonly Option<string[]> _servers = new("--server") { Description = "Servers to take: an address, or a network such as 10.0.0.0/8 (repeatable)", HelpName = "ADDRESS", DefaultValueFactory = _ => [] };
    private readonly Option<string?> _keyLog = new("--keylog") { Description = "File with the secrets of TLS connections (SSLKEYLOGFILE)", HelpName = "FILE" };
    private readonly Option<string> _bodies = new("--bodies") { Description = "Whose bodies are kept: all, requests, or none", HelpName = "all|requests|none", DefaultValueFactory = _ => "all" };
    private readonly Option<int> _limit = new("--body-limit") { Description = "Bytes of a body that are kept at most", HelpName = "BYTES", DefaultValueFactory = _ => 1 << 20 };
    private readonly Option<bool> _raw = new("--tcp") { Description = "Keep what is no HTTP as raw TCP, in turns (Redis, MySQL, ...)" };

    public CapturePacketOptions() => _bodies.AcceptOnlyFromAmong("all", "requests", "none");

    /// <summary>What only this machine can do.</summary>
    public Option KeyLogOption => _keyLog;

    /// <summary>Whether somebody has said how much of a body is kept.</summary>
    public bool IsLimitGiven(ParseResult parsed) => parsed.GetResult(_limit) is { Implicit: false };

    /// <summary>Puts them all into a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _ports, _servers, _keyLog, _bodies, _limit, _raw })
            command.Options.Add(option);
    }

    /// <summary>What was typed, and all that can't be understood of it.</summary>
    public CaptureSourceOptions Read(ParseResult parsed, bool isLive, List<OptionProblem> problems)
    {
        var ports = parsed.GetValue(_ports) ?? [];
        foreach (var port in ports.Where(p => p is < 1 or > 65_535))
            problems.Add(new(_ports.Name, $"{port} is no port", "Write a number from 1 to 65535."));
        var limit = parsed.GetValue(_limit);
        if (limit is < 0 or > 16 << 20)
            problems.Add(new(_limit.Name, $"{limit} is out of bounds", $"Write a number of bytes from 0 to {16 << 20}."));
        return new()
        {
            Asked = new() { Ports = ports, Networks = [.. (parsed.GetValue(_servers) ?? []).Select(s => Network(s, problems)).OfType<IPNetwork>()] },
            KeyLog = isLive ? Followed(parsed.GetValue(_keyLog)) : KeyLog(parsed.GetValue(_keyLog), problems),
            Conversations = new()
            {
                Bodies = parsed.GetValue(_bodies) switch { "none" => KeptBodies.None, "requests" => KeptBodies.Requests, _ => KeptBodies.All },
                BodyLimit = limit,
                KeepRaw = parsed.GetValue(_raw),
                KeepUpgraded = parsed.GetValue(_raw),
            },
        };
    }

    private IPNetwork? Network(string text, List<OptionProblem> problems)
    {
        if (IPNetwork.TryParse(text, out var network))
            return network;
        if (IPAddress.TryParse(text, out var address))
            return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        problems.Add(new(_servers.Name, $"'{text}' is no address", "Write an address such as 10.0.0.7, or a network such as 10.0.0.0/8."));
        return null;
    }

    // Live, its lines come while connections do.
    private static KeyLog Followed(string? file)
    {
        var keys = new KeyLog();
        if (file is not null)
            keys.Follow(file);
        return keys;
    }

    private KeyLog KeyLog(string? file, List<OptionProblem> problems)
    {
        var keys = new KeyLog();
        if (file is null)
            return keys;
        try
        {
            keys.ReadFile(file);
            if (keys.Count == 0)
                problems.Add(new(_keyLog.Name, $"there are no secrets in {file}", "Name a file as browsers, curl and OpenSSL write it when SSLKEYLOGFILE is set."));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(new(_keyLog.Name, $"{file} can't be read: {e.Message.TrimEnd('.')}", "Check the path, and whether you may read it."));
        }

        return keys;
    }
}
