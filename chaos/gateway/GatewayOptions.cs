using System.Globalization;
using System.Net;

namespace Pressure.Gateway;

/// <summary>A gateway that somebody wants.</summary>
/// <param name="Listen">Where it listens.</param>
/// <param name="To">Where it leads: <c>http://127.0.0.1:5080</c>, <c>tcp://127.0.0.1:5432</c>.</param>
/// <param name="Folder">The state folder, where faults find it.</param>
public sealed record GatewayOptions(IPEndPoint Listen, Uri To, string Folder)
{
    /// <summary>Path of its control socket; null for one in the state folder.</summary>
    public string? Control { get; init; }

    /// <summary>Dice of rules that strike a share.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether it is a plain relay of bytes.</summary>
    public bool IsTcp => To.Scheme == "tcp";

    /// <summary>Reads what somebody wrote; null with problems if it is wrong, English sentences.</summary>
    public static GatewayOptions? Read(string listen, string to, string folder, ICollection<string> problems)
    {
        if (!IPEndPoint.TryParse(listen, out var endpoint) || !listen.Contains(':', StringComparison.Ordinal))
            problems.Add($"'{listen}' is no address and port to listen on: 127.0.0.1:8081.");
        if (!Uri.TryCreate(to, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https" or "tcp") || address.Host.Length == 0)
            problems.Add($"'{to}' is no service to lead to: http://127.0.0.1:5080, https://shop.test, tcp://127.0.0.1:5432.");
        else if (address.Scheme == "tcp" && address.Port <= 0)
            problems.Add($"'{to}' needs a port: tcp://127.0.0.1:5432.");
        else if (address.Scheme != "tcp" && (address.AbsolutePath != "/" || address.Query.Length > 0))
            problems.Add($"'{to}' has a path; the gateway passes paths through as they are: {address.GetLeftPart(UriPartial.Authority)}.");
        else if (endpoint is not null && address.Port == endpoint.Port && address.Host == endpoint.Address.ToString())
            problems.Add($"'{to}' is where the gateway itself listens.");
        return problems.Count > 0 ? null : new(endpoint!, address!, folder);
    }

    /// <summary>Where it listens, as faults name it.</summary>
    internal string Name(int port) => new IPEndPoint(Listen.Address, port).ToString();

    /// <summary>Where it leads, as faults name it.</summary>
    internal string Target => IsTcp ? string.Create(CultureInfo.InvariantCulture, $"tcp://{To.Authority}") : To.GetLeftPart(UriPartial.Authority);
}
