using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Pressure.Gateway.Tests;

/// <summary>A gateway with a state folder of its own, struck by the faults as an executor would.</summary>
internal sealed class GatewayRig : IAsyncDisposable
{
    private readonly TempFolder _folder = new();

    private GatewayRig()
    {
    }

    public GatewayServer Server { get; private set; } = null!;

    public string Folder => _folder.Path;

    public FaultTools Tools => new(TimeProvider.System, "/none/docker.sock", _folder.Path);

    public FaultTarget.Route Target => new(Server.Control.Listen, Server.Control.To);

    public Uri Url => new($"http://{Server.Control.Listen}/");

    public IPEndPoint EndPoint => IPEndPoint.Parse(Server.Control.Listen);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<GatewayRig> StartAsync(string to)
    {
        var rig = new GatewayRig();
        var options = GatewayOptions.Read("127.0.0.1:0", to, rig.Folder, [])!;
        rig.Server = Assert.IsType<GatewayStart.Running>(await GatewayServer.StartAsync(options)).Server;
        return rig;
    }

    public IFault Fault(string kind) => FaultCatalogue.All(Tools).Single(f => f.Description.Kind == kind);

    public FaultOrder Order(string kind, TimeSpan duration, params (string Name, string Value)[] arguments) =>
        new(kind, Target, duration) { Arguments = new JsonObject(arguments.Select(a => KeyValuePair.Create(a.Name, (JsonNode?)a.Value))) };

    public Task<FaultIntent> ApplyAsync(string kind, params (string Name, string Value)[] arguments) => ApplyAsync(kind, TimeSpan.FromMinutes(5), arguments);

    public async Task<FaultIntent> ApplyAsync(string kind, TimeSpan duration, params (string Name, string Value)[] arguments)
    {
        var order = Order(kind, duration, arguments);
        var ready = Assert.IsType<Preparation.Ready>(await Fault(kind).PrepareAsync(order, Stop));
        var now = TimeProvider.System.GetUtcNow();
        var intent = new FaultIntent
        {
            Handle = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)),
            Kind = kind,
            Target = Target,
            Arguments = order.Arguments,
            Prior = ready.Prior,
            JournaledAt = now,
            Deadline = now + duration,
            DeadlineSinceBoot = TimeSpan.FromSeconds(double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture)) + duration,
            BootId = "",
        };
        await Fault(kind).ApplyAsync(intent, Stop);
        return intent;
    }

    public Task<UndoOutcome> UndoAsync(FaultIntent intent) => Fault(intent.Kind).UndoAsync(intent, Stop);

    public async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(EndPoint, Stop);
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}
