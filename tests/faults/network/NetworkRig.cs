using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Pressure.Faults.Tests;

/// <summary>A network with a process in it, to be struck; this end of its wire is the outside.</summary>
internal sealed partial class NetworkRig : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Process _sleeper;

    public NetworkRig()
    {
        Network = NetworkNamespace.Create();
        _sleeper = Process.Start(Network.Inside("sleep", "600"))!;
        Tools = new FaultTools(TimeProvider.System, "/none/docker.sock", _folder.Path);
        Target = ProcessTarget(_sleeper.Id);
        // It is inside once it is the program that it was told to become.
        while (new FileInfo($"/proc/{_sleeper.Id}/ns/net").LinkTarget == NetworkPlace.Own)
            Thread.Yield();
    }

    public NetworkNamespace Network { get; }

    public FaultTools Tools { get; }

    public FaultTarget Target { get; }

    public IPAddress Outside => Network.Here;

    public IPAddress Inside => Network.There;

    public static FaultTarget ProcessTarget(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        return new FaultTarget.Process(pid, long.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19], CultureInfo.InvariantCulture), "sleep");
    }

    /// <summary>Prepares it, journals it in memory, applies it.</summary>
    public Task<FaultIntent> ApplyAsync(IFault fault, params (string Name, string Value)[] arguments) => ApplyAsync(fault, Target, TimeSpan.FromMinutes(5), arguments);

    public static async Task<FaultIntent> ApplyAsync(IFault fault, FaultTarget target, TimeSpan duration, params (string Name, string Value)[] arguments)
    {
        var intent = await IntendAsync(fault, target, duration, arguments);
        await fault.ApplyAsync(intent, TestContext.Current.CancellationToken);
        return intent;
    }

    public static async Task<FaultIntent> IntendAsync(IFault fault, FaultTarget target, TimeSpan duration, params (string Name, string Value)[] arguments)
    {
        var order = Order(fault, target, duration, arguments);
        var ready = await fault.PrepareAsync(order, TestContext.Current.CancellationToken);
        var prior = Assert.IsType<Preparation.Ready>(ready).Prior;
        var now = TimeProvider.System.GetUtcNow();
        return new()
        {
            Handle = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)),
            Kind = order.Kind,
            Target = target,
            Arguments = order.Arguments,
            // Through text, as the journal does.
            Prior = (JsonObject)JsonNode.Parse(prior.ToJsonString())!,
            JournaledAt = now,
            Deadline = now + duration,
            DeadlineSinceBoot = TimeSpan.FromSeconds(double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture)) + duration,
            BootId = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim(),
        };
    }

    public static FaultOrder Order(IFault fault, FaultTarget target, TimeSpan duration, params (string Name, string Value)[] arguments) =>
        new(fault.Description.Kind, target, duration) { Arguments = new JsonObject(arguments.Select(a => KeyValuePair.Create(a.Name, (JsonNode?)a.Value))) };

    /// <summary>Packet filters and queues, without dates and counters.</summary>
    public string State() => $"{Saved("iptables-save")}{Saved("ip6tables-save")}{Network.Do("tc", "qdisc", "show")}";

    /// <summary>The same of a network by its file.</summary>
    public static string StateOf(string network)
    {
        return Said("iptables-save") + Said("ip6tables-save") + Said("tc", "qdisc", "show");

        string Said(string program, params string[] arguments) => Changing().Replace(SystemProgram.DoAsync("nsenter", [$"--net={network}", program, .. arguments], TestContext.Current.CancellationToken).Result, "");
    }

    /// <summary>Sends datagrams to a socket; how many arrived.</summary>
    public static int Datagrams(Socket from, Socket to, IPAddress address, int count)
    {
        var arrived = 0;
        var buffer = new byte[64];
        to.ReceiveTimeout = 200;
        var there = new IPEndPoint(address, ((IPEndPoint)to.LocalEndPoint!).Port);
        for (var sent = 0; sent < count; sent += 100)
        {
            for (var n = 0; n < Math.Min(100, count - sent); n++)
                from.SendTo("hello"u8.ToArray(), there);
            while (to.Available > 0)
            {
                to.Receive(buffer);
                arrived++;
            }
        }
        // A busy machine hands on the last of many a little later.
        while (count > 1 && arrived < count && to.Poll(TimeSpan.FromSeconds(1), SelectMode.SelectRead))
        {
            to.Receive(buffer);
            arrived++;
        }
        return arrived;
    }

    public Socket UdpInside(AddressFamily family = AddressFamily.InterNetwork) => Network.Within(() => Udp(family));

    public static Socket Udp(AddressFamily family = AddressFamily.InterNetwork)
    {
        var socket = new Socket(family, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0));
        return socket;
    }

    public Socket ListenInside(int port = 0) => Network.Within(() => Listen(port));

    public static Socket Listen(int port = 0)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Any, port));
        socket.Listen();
        return socket;
    }

    public void Dispose()
    {
        _sleeper.Kill();
        _sleeper.WaitForExit();
        _sleeper.Dispose();
        Network.Dispose();
        _folder.Dispose();
    }

    private string Saved(string program) => Changing().Replace(Network.Do(program), "");

    [GeneratedRegex(@"^#.*\n|\[\d+:\d+\]", RegexOptions.Multiline)]
    private static partial Regex Changing();
}
