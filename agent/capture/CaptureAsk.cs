using System.Text.Json.Serialization;

namespace Pressure.Agent;

/// <summary>What is asked of an agent with <c>capture.start</c>. What it does not know it refuses: a filter that is not applied would send what nobody asked for.</summary>
/// <remarks>What a text leaves out keeps its usual value, which holds for members that can be set, not for those of the beginning only.</remarks>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CaptureAsk
{
    /// <summary>The interface, as <c>ip link</c> lists them; <c>any</c> for all.</summary>
    public string Interface { get; set; } = "any";

    /// <summary>The servers' ports; none for all that the host's owner allows.</summary>
    public IReadOnlyList<int> Ports { get; set; } = [];

    /// <summary>The servers' addresses or networks; none for all.</summary>
    public IReadOnlyList<string> Servers { get; set; } = [];

    /// <summary>A condition on packets besides, in tcpdump's language.</summary>
    public string Filter { get; set; } = "";

    /// <summary>Bytes kept of a packet; 0 for all.</summary>
    public int Snap { get; set; }

    /// <summary>Whether answers are left out.</summary>
    public bool RequestsOnly { get; set; }

    /// <summary>Most of one core that it may take, from 0.01 to 1.</summary>
    public double Cpu { get; set; } = 0.25;

    /// <summary>Memory of the kernel in which packets wait.</summary>
    public int BufferBytes { get; set; } = 8 << 20;

    /// <summary>Memory in which exchanges wait until they are fetched; what finds no room is dropped and counted.</summary>
    public int WaitingBytes { get; set; } = 8 << 20;

    /// <summary>When to end: after so many seconds; 0 when it is told to.</summary>
    public double Seconds { get; set; }

    /// <summary>When to end: after so many bytes of packets; 0 for never.</summary>
    public long MaxBytes { get; set; }

    /// <summary>What is masked besides the usual, as <c>--mask</c> has it.</summary>
    public IReadOnlyList<string> Masks { get; set; } = [];

    /// <summary>Whether equal values get equal words.</summary>
    public bool Hash { get; set; }

    /// <summary>Methods that are taken; none for all.</summary>
    public IReadOnlyList<string> Methods { get; set; } = [];

    /// <summary>Hosts (patterns) that are taken; none for all.</summary>
    public IReadOnlyList<string> Hosts { get; set; } = [];

    /// <summary>Paths (patterns) that are taken; none for all.</summary>
    public IReadOnlyList<string> Paths { get; set; } = [];

    /// <summary>Paths (patterns) that are not taken.</summary>
    public IReadOnlyList<string> Except { get; set; } = [];

    /// <summary>The share of connections that is taken, above 0 and up to 1.</summary>
    public double Share { get; set; } = 1;

    /// <summary>Another number, other connections.</summary>
    public ulong Seed { get; set; }

    /// <summary>Whose bodies are kept: <c>all</c>, <c>requests</c> or <c>none</c>.</summary>
    public string Bodies { get; set; } = "all";

    /// <summary>Bytes kept of a body, at most 1 MiB.</summary>
    public int BodyLimit { get; set; } = 256 << 10;

    /// <summary>Whether what is no HTTP is kept as raw TCP.</summary>
    public bool Tcp { get; set; }

    /// <summary>Seconds without a question after which nobody wants it any more.</summary>
    public double Lease { get; set; } = 30;
}

/// <summary>What is asked of an agent with <c>capture.read</c>, and with <c>capture.stop</c>, which looks at <see cref="Capture"/> alone.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CaptureFetch
{
    /// <summary>Which capture.</summary>
    public string Capture { get; set; } = "";

    /// <summary>Where in its stream to begin: what lies before has arrived.</summary>
    public long From { get; set; }

    /// <summary>Milliseconds to wait for something, at most 10,000.</summary>
    public int Wait { get; set; } = 1_000;
}
