using System.Net;
using System.Net.Sockets;

namespace Pressure.Faults.Tests;

/// <summary>Figures of network faults, for <c>bench/chaos-network.sh</c>; they print and assert nothing of time.</summary>
public sealed class NetworkFigures : IDisposable
{
    private readonly NetworkRig _rig = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _rig.Dispose();

    [Fact(Explicit = true)]
    public async Task Delay()
    {
        var before = await RoundsAsync();
        var fault = new NetworkDelay(_rig.Tools);
        var intent = await _rig.ApplyAsync(fault, ("delay", "100ms"), ("method", "relay"));
        var during = await RoundsAsync();
        await fault.UndoAsync(intent, Stop);
        Print($"delay of 100 ms: round trip {before[50]:0.0} ms before, {during[50]:0.0} ms during (median of 101; fastest {during[0]:0.0}, slowest {during[100]:0.0}): {during[50] - before[50]:0.0} ms more");
    }

    [Fact(Explicit = true)]
    public async Task Loss()
    {
        using var inside = _rig.UdpInside();
        using var outside = NetworkRig.Udp();
        var fault = new NetworkLoss(_rig.Tools);
        var intent = await _rig.ApplyAsync(fault, ("percent", "30%"), ("direction", "out"));
        var arrived = NetworkRig.Datagrams(inside, outside, _rig.Outside, 20_000);
        await fault.UndoAsync(intent, Stop);
        Print($"loss of 30 %: {(20_000 - arrived) / 200.0:0.0} % of 20,000 datagrams");
    }

    [Fact(Explicit = true)]
    public async Task Bandwidth()
    {
        using var listener = _rig.ListenInside();
        var fault = new NetworkBandwidth(_rig.Tools);
        var intent = await _rig.ApplyAsync(fault, ("rate", "1mbit"));
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(new IPEndPoint(_rig.Inside, ((IPEndPoint)listener.LocalEndPoint!).Port), Stop);
        using var server = await listener.AcceptAsync(Stop);
        var (began, received, buffer) = (TimeProvider.System.GetTimestamp(), 0, new byte[65536]);
        var sending = client.SendAsync(new byte[500_000], Stop).AsTask();
        while (received < 500_000)
            received += await server.ReceiveAsync(buffer, Stop);
        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        await sending;
        await fault.UndoAsync(intent, Stop);
        Print($"bandwidth of 1 Mbit/s: 500,000 bytes in {seconds:0.00} s, {received * 8 / seconds / 1e6:0.00} Mbit/s of payload");
    }

    [Fact(Explicit = true)]
    public async Task Expiry()
    {
        using var inside = _rig.UdpInside();
        using var outside = NetworkRig.Udp();
        var fault = new NetworkPartition(_rig.Tools);
        var late = new List<double>();
        for (var round = 0; round < 10; round++)
        {
            var intent = await NetworkRig.ApplyAsync(fault, _rig.Target, TimeSpan.FromMilliseconds(700 + 70 * round));
            while (NetworkRig.Datagrams(inside, outside, _rig.Outside, 1) == 0)
                await Task.Delay(2, Stop);
            late.Add((TimeProvider.System.GetUtcNow() - intent.Deadline).TotalMilliseconds);
            await fault.UndoAsync(intent, Stop);
        }
        Print($"the kernel alone ends a partition {late.Min():0} to {late.Max():0} ms after its deadline (10 times)");
    }

    [Fact(Explicit = true)]
    public async Task Cost()
    {
        foreach (var fault in NetworkFaults.All(_rig.Tools))
        {
            (string, string)[] arguments = fault.Description.Kind switch { "network-loss" => [("percent", "1%")], "network-bandwidth" => [("rate", "1mbit")], "network-delay" => [("delay", "1ms"), ("method", "relay")], _ => [] };
            var (apply, undo) = (new List<double>(), new List<double>());
            for (var round = 0; round < 11; round++)
            {
                var intent = await NetworkRig.IntendAsync(fault, _rig.Target, TimeSpan.FromMinutes(1), arguments);
                apply.Add(await TimeAsync(() => fault.ApplyAsync(intent, Stop)));
                undo.Add(await TimeAsync(() => fault.UndoAsync(intent, Stop)));
            }
            Print($"{fault.Description.Kind}: applied in {apply.Order().ElementAt(5):0} ms, undone in {undo.Order().ElementAt(5):0} ms (medians of 11)");
        }
    }

    private static void Print(string line) => Console.WriteLine("  " + line);

    private static async Task<double> TimeAsync(Func<Task> deed)
    {
        var began = TimeProvider.System.GetTimestamp();
        await deed();
        return TimeProvider.System.GetElapsedTime(began).TotalMilliseconds;
    }

    private async Task<double[]> RoundsAsync()
    {
        using var listener = NetworkRig.Listen();
        using var client = _rig.Network.Within(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
        await client.ConnectAsync(new IPEndPoint(_rig.Outside, ((IPEndPoint)listener.LocalEndPoint!).Port), Stop);
        using var server = await listener.AcceptAsync(Stop);
        server.NoDelay = true;
        var (rounds, buffer) = (new List<double>(), new byte[16]);
        for (var n = 0; n < 101; n++)
        {
            rounds.Add(await TimeAsync(async () =>
            {
                await client.SendAsync("ask"u8.ToArray(), Stop);
                await server.ReceiveAsync(buffer, Stop);
                await server.SendAsync("answer"u8.ToArray(), Stop);
                await client.ReceiveAsync(buffer, Stop);
            }));
        }
        return [.. rounds.Order()];
    }
}
