namespace Pressure.Web.Access;

/// <summary>Where and how agents are served.</summary>
/// <param name="Url">Where to listen: <c>https://0.0.0.0:5443</c>; port 0 takes a free one.</param>
public sealed record AccessOptions(string Url)
{
    /// <summary>A PEM file with certificate, chain and key to show to agents; null for one signed by the service's own authority.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>Names and addresses by which agents reach this service, besides the machine's own.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Where agents of other nodes reach this one when theirs is away: <c>https://10.0.0.7:5443</c>; null for the address that it listens on, or its name.</summary>
    public string? Advertise { get; init; }

    /// <summary>The same, given the port that it listens on.</summary>
    internal string AddressOn(int port) => Advertise ?? (new Uri(Url).Host is var host && host is not ("0.0.0.0" or "[::]" or "*" or "+")
        ? $"https://{host}:{port}" : $"https://{(Names is [var name, ..] ? name : Environment.MachineName.ToLowerInvariant())}:{port}");

    /// <summary>Folder with the agent's programs, as build/agent.sh writes it; it need not be there.</summary>
    public string Programs { get; init; } = "dist/agent";

    /// <summary>What one agent, and all of them, may take.</summary>
    public AccessLimits Limits { get; init; } = new();
}

/// <summary>What agents may take of the service. Everything that comes from outside has a bound here.</summary>
public sealed record AccessLimits
{
    /// <summary>Connections of agents at once; a process has 20,000 descriptors on many machines.</summary>
    public int Connections { get; init; } = 18_000;

    /// <summary>Handshakes (TLS and the agent's proof) that go on side by side; others wait for their turn.</summary>
    public int Handshakes { get; init; } = 64;

    /// <summary>Connections that may wait for a handshake; further ones wait in the kernel's queue.</summary>
    public int Waiting { get; init; } = 1_000;

    /// <summary>How long one handshake may take.</summary>
    public TimeSpan HandshakeTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Requests other than agents' connections (enrolments, downloads) at once.</summary>
    public int Requests { get; init; } = 256;

    /// <summary>Frames a second that an agent may send over a longer time.</summary>
    public int FramesPerSecond { get; init; } = 500;

    /// <summary>Frames that it may send at a stretch.</summary>
    public int FrameBurst { get; init; } = 5_000;

    /// <summary>Bytes that may wait to be sent to one agent.</summary>
    public int QueueBytes { get; init; } = 1 << 20;

    /// <summary>How long an agent may take nothing of what is sent to it.</summary>
    public TimeSpan SendTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Commands under way at one agent.</summary>
    public int Commands { get; init; } = 64;

    /// <summary>How long entries are kept.</summary>
    public TimeSpan KeepFor { get; init; } = TimeSpan.FromHours(48);

    /// <summary>Bytes of one agent's entries that are kept.</summary>
    public long KeepBytes { get; init; } = 256L << 20;

    /// <summary>Enrolled agents.</summary>
    public int Agents { get; init; } = 100_000;
}
