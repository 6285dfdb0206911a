using System.Text.Json.Serialization;

namespace Pressure.Agent;

/// <summary>What is asked of an agent with <c>capture.start</c>. What it does not know it refuses: a filter that is not applied would send what nobody asked for.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CaptureAsk
{
    /// <summary>The interface, as <c>ip link</c> lists them; <c>any</c> for all.</summary>
    public string Interface { get; init; } = "any";

    /// <summary>The servers' ports; none for all that the host's owner allows.</summary>
    public IReadOnlyList<int> Ports { get; init; } = [];

    /// <summary>The servers' addresses or networks; none for all.</summary>
    public IReadOnlyList<string> Servers { get; init; } = [];

    /// <summary>A condition on packets besides, in tcpdump's language.</summary>
    public string Filter { get; init; } = "";

    /// <summary>Bytes kept of a packet; 0 for all.</summary>
    public int Snap { get; init; }

    /// <summary>Whether answers are left out.</summary>
    public bool RequestsOnly { get; init; }

    /// <summary>Most of one core that it may take, from 0.01 to 1.</summary>
    public double Cpu { get; init; } = 0.25;

    /// <summary>Memory of the kernel in which packets wait.</summary>
    public int BufferBytes { get; init; } = 8 << 20;

    /// <summary>Memory in which exchanges wait until they are fetched; what finds no room is dropped and counted.</summary>
    public int WaitingBytes { get; init; } = 8 << 20;

    /// <summary>When to end: after so many seconds; 0 when it is told to.</summary>
    public double Seconds { get; init; }

    /// <summary>When to end: after so many bytes of packets; 0 for never.</summary>
    public long MaxBytes { get; init; }

    /// <summary>What is masked besides the usual, as <c>--mask</c> has it.</summary>
    public IReadOnlyList<string> Masks { get; init; } = [];

    /// <summary>Whether equal values get equal words.</summary>
    public bool Hash { get; init; }

    /// <summary>Methods that are taken; none for all.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>Hosts (patterns) that are taken; none for all.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Paths (patterns) that are taken; none for all.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>Paths (patterns) that are not taken.</summary>
    public IReadOnlyList<string> Except { get; init; } = [];

    /// <summary>The share of connections that is taken, above 0 and up to 1.</summary>
    public double Share { get; init; } = 1;

    /// <summary>Another number, other connections.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whose bodies are kept: <c>all</c>, <c>requests</c> or <c>none</c>.</summary>
    public string Bodies { get; init; } = "all";

    /// <summary>Bytes kept of a body, at most 1 MiB.</summary>
    public int BodyLimit { get; init; } = 256 << 10;

    /// <summary>Whether what is no HTTP is kept as raw TCP.</summary>
    public bool Tcp { get; init; }

    /// <summary>Seconds without a question after which nobody wants it any more.</summary>
    public double Lease { get; init; } = 30;
}

/// <summary>What is asked of an agent with <c>capture.read</c>, and with <c>capture.stop</c>, which looks at <see cref="Capture"/> alone.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CaptureFetch
{
    /// <summary>Which capture.</summary>
    public string Capture { get; init; } = "";

    /// <summary>Where in its stream to begin: what lies before has arrived.</summary>
    public long From { get; init; }

    /// <summary>Milliseconds to wait for something, at most 10,000.</summary>
    public int Wait { get; init; } = 1_000;
}
