using Pressure.Reports.Export;
using Pressure.Web.Access;
using Pressure.Web.State;

namespace Pressure.Web;

/// <summary>Settings of the web service.</summary>
/// <param name="Url">Where to listen: <c>http://127.0.0.1:5100</c>; port 0 takes a free one.</param>
/// <param name="RunsFolder">Where run folders lie.</param>
/// <param name="Allow">Hosts that may be pressed besides loopback.</param>
public sealed record WebOptions(string Url, string RunsFolder, IReadOnlyList<string> Allow)
{
    /// <summary>How many runs may go on at once. One is the default, since runs on one machine disturb each other's figures.</summary>
    public int RunsAtOnce { get; init; } = 1;

    /// <summary>Where agents dial in; null for nowhere.</summary>
    public AccessOptions? Agents { get; init; }

    /// <summary>The machine's chaos state: intents of faults, the global stop, the guards' book.</summary>
    public string ChaosFolder { get; init; } = Pressure.Faults.StateFolder.Usual;

    /// <summary>The folder of the captures that plans may name to replay them; null when they may name none.</summary>
    public string? CapturesFolder { get; init; }

    /// <summary>What this node shares with others; null where the service is a single one.</summary>
    public NodeOptions? Node { get; init; }

    /// <summary>Ports of this machine on which something listens that the service needs (database, broker): whoever listens there is never struck.</summary>
    public IReadOnlyCollection<int> NeededPorts { get; init; } = [];

    /// <summary>Names by which browsers reach the service besides its own: those of a balancer or proxy in front.</summary>
    public IReadOnlyList<string> PublicNames { get; init; } = [];

    /// <summary>Where figures of all runs, and of agents between them, are sent. A plan has no say in it.</summary>
    public IReadOnlyList<ExportTarget> ExportTo { get; init; } = [];
}
