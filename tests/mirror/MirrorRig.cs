using System.Net;
using Pressure.TrafficCopy;

namespace Pressure.Mirror.Tests;

/// <summary>Production, a test target and a mirror between them, on free ports of loopback.</summary>
internal sealed class MirrorRig : IAsyncDisposable
{
    private MirrorRig(Server production, Server target) => (Production, Target) = (production, target);

    public Server Production { get; }

    public Server Target { get; }

    public MirrorServer Mirror { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public MirrorStatus Status => Mirror.Status;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<MirrorRig> StartAsync(Func<MirrorPlan, MirrorPlan>? change = null, IExchangeSink? record = null, TimeProvider? time = null)
    {
        var rig = new MirrorRig(await Server.StartAsync(), await Server.StartAsync("test"));
        var plan = new MirrorPlan(new IPEndPoint(IPAddress.Loopback, 0), new Uri(rig.Production.Url)) { Copy = new Uri(rig.Target.Url), Id = "m1" };
        plan = change?.Invoke(plan) ?? plan;
        Assert.Empty(plan.Problems());
        var start = await MirrorServer.StartAsync(plan, record, time ?? TimeProvider.System);
        Assert.True(start is MirrorStart.Running, (start as MirrorStart.Refused)?.Why);
        rig.Mirror = ((MirrorStart.Running)start).Server;
        rig.Client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://{rig.Mirror.Listening}/"), Timeout = TimeSpan.FromSeconds(60) };
        return rig;
    }

    /// <summary>Waits until every copy has met its fate.</summary>
    public async Task SettledAsync()
    {
        while (Status.Copies is { Open: > 0 } || Status.Record is { Waiting: > 0 })
            await Task.Delay(5, Stop);
    }

    /// <summary>Waits until so many copies have a fate.</summary>
    public async Task<long> FateAsync(CopyFate fate, long atLeast = 1)
    {
        while (Status.Copies!.Fates.GetValueOrDefault(fate.Word()) < atLeast)
            await Task.Delay(5, Stop);
        return Status.Copies!.Fates[fate.Word()];
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Mirror.DisposeAsync();
        await Production.DisposeAsync();
        await Target.DisposeAsync();
    }
}
