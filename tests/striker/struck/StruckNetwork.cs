using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pressure.Faults;
using Pressure.TestKit;

namespace Pressure.Striker;

/// <summary>A network of its own with a process in it; struck while its packet filters are not what they were, felt while datagrams do not arrive.</summary>
internal sealed partial class StruckNetwork : IStruck
{
    private static readonly TimeSpan Arrival = TimeSpan.FromMilliseconds(20);

    private readonly NetworkNamespace _network = NetworkNamespace.Create();
    private readonly Process _inside;
    private readonly Socket _to, _from;
    private readonly string _before;

    private StruckNetwork(string kind, JsonObject arguments)
    {
        (Kind, Arguments) = (kind, arguments);
        _inside = Process.Start(_network.Inside("sleep", "3600"))!;
        while (HostProcesses.Of(_inside.Id)?.Name != "sleep")
            Thread.Yield();
        (_to, _from) = (_network.Within(() => Datagrams(_network.There)), Datagrams(_network.Here));
        _before = State();
    }

    public string Kind { get; }

    public JsonObject Arguments { get; }

    public static StruckNetwork Lossy(string percent) => new("network-loss", new() { ["percent"] = percent });

    public static StruckNetwork Cut() => new("network-partition", []);

    public Task<FaultTarget> TargetAsync()
    {
        var process = HostProcesses.Of(_inside.Id)!;
        return Task.FromResult<FaultTarget>(new FaultTarget.Process(process.Pid, process.Start, process.Program));
    }

    public Task<bool> IsStruckAsync() => Task.Run(() => State() != _before);

    public async Task<bool> IsFeltAsync()
    {
        while (_to.Available > 0)
            _to.Receive(new byte[64]);
        _from.SendTo("hello"u8.ToArray(), _to.LocalEndPoint!);
        await Task.Delay(Arrival);
        return _to.Available == 0;
    }

    public void Dispose()
    {
        _to.Dispose();
        _from.Dispose();
        _inside.Kill();
        _inside.WaitForExit();
        _inside.Dispose();
        _network.Dispose();
    }

    /// <summary>Packet filters without dates and counters.</summary>
    private string State() => Changing().Replace(_network.Do("sh", "-c", "iptables-save; ip6tables-save"), "");

    private static Socket Datagrams(IPAddress address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(address, 0));
        return socket;
    }

    [GeneratedRegex(@"^#.*\n|\[\d+:\d+\]", RegexOptions.Multiline)]
    private static partial Regex Changing();
}
