using System.Net;
using System.Net.Sockets;

namespace Pressure.Faults.Tests;

public sealed class NetworkDelayTests : IDisposable
{
    private readonly NetworkRig _rig = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_new_connection_has_its_answers_so_much_later_whoever_opens_it(bool fromInside)
    {
        var before = _rig.State();
        using var listener = fromInside ? NetworkRig.Listen() : _rig.ListenInside();
        var fault = new NetworkDelay(_rig.Tools);

        var intent = await _rig.ApplyAsync(fault, ("delay", "80ms"), ("method", "relay"));
        using var pair = await Pair.OpenAsync(listener, () => Client(fromInside), fromInside ? _rig.Outside : _rig.Inside);
        var rounds = new List<double>();
        for (var n = 0; n < 5; n++)
            rounds.Add((await pair.RoundAsync()).TotalMilliseconds);
        var residue = await fault.ResidueAsync(intent, Stop);
        var outcome = await fault.UndoAsync(intent, Stop);

        // Once, not twice: only what leaves is delayed. The fastest, since a busy machine adds to the others.
        Assert.InRange(rounds.Min(), 80, 159);
        Assert.NotNull(residue);
        Assert.IsType<UndoOutcome.Undone>(outcome);
        Assert.Equal(before, _rig.State());
        Assert.Empty(RelayProcess.Find(intent.Handle));
    }

    [Fact]
    public async Task The_other_end_is_who_it_was_meant_to_be()
    {
        using var listener = NetworkRig.Listen();
        var fault = new NetworkDelay(_rig.Tools);

        var intent = await _rig.ApplyAsync(fault, ("delay", "1ms"), ("method", "relay"));
        using var pair = await Pair.OpenAsync(listener, () => Client(true), _rig.Outside);
        await fault.UndoAsync(intent, Stop);

        Assert.Equal(_rig.Inside, ((IPEndPoint)pair.Server.RemoteEndPoint!).Address);
    }

    [Fact]
    public async Task Connections_that_are_open_already_go_on_as_they_are()
    {
        using var listener = NetworkRig.Listen();
        using var pair = await Pair.OpenAsync(listener, () => Client(true), _rig.Outside);
        await pair.RoundAsync();
        var fault = new NetworkDelay(_rig.Tools);

        var intent = await _rig.ApplyAsync(fault, ("delay", "1h"), ("method", "relay"));
        await pair.RoundAsync().WaitAsync(TimeSpan.FromMinutes(1), Stop);
        await fault.UndoAsync(intent, Stop);

        await pair.RoundAsync();
    }

    [Fact]
    public async Task Other_ports_are_spared()
    {
        using var listener = NetworkRig.Listen();
        var fault = new NetworkDelay(_rig.Tools);

        var intent = await _rig.ApplyAsync(fault, ("delay", "1h"), ("method", "relay"), ("port", "1"));
        using var pair = await Pair.OpenAsync(listener, () => Client(true), _rig.Outside);

        await pair.RoundAsync().WaitAsync(TimeSpan.FromMinutes(1), Stop);
        await fault.UndoAsync(intent, Stop);
    }

    [Fact]
    public async Task What_waits_when_it_is_undone_arrives_and_the_connection_is_closed_in_order()
    {
        using var listener = NetworkRig.Listen();
        var fault = new NetworkDelay(_rig.Tools);
        var intent = await _rig.ApplyAsync(fault, ("delay", "1h"), ("method", "relay"));
        using var pair = await Pair.OpenAsync(listener, () => Client(true), _rig.Outside);
        await pair.Client.SendAsync("hello"u8.ToArray(), Stop);

        await fault.UndoAsync(intent, Stop);

        var buffer = new byte[16];
        Assert.Equal(5, await pair.Server.ReceiveAsync(buffer, Stop));
        Assert.Equal(0, await pair.Server.ReceiveAsync(buffer, Stop));
        Assert.Equal(0, await pair.Client.ReceiveAsync(buffer, Stop));
    }

    [Fact]
    public async Task Its_process_ends_by_itself_when_nobody_is_left_to_undo_it()
    {
        using var listener = NetworkRig.Listen();
        var fault = new NetworkDelay(_rig.Tools);

        var intent = await NetworkRig.ApplyAsync(fault, _rig.Target, TimeSpan.FromSeconds(10), ("delay", "100ms"), ("method", "relay"));
        while (RelayProcess.Find(intent.Handle).Count > 0)
            await Task.Delay(50, Stop);

        Assert.InRange(TimeProvider.System.GetUtcNow(), intent.Deadline + TimeSpan.FromSeconds(1), DateTimeOffset.MaxValue);
        // The kernel leads nobody to where nobody listens any more.
        using var pair = await Pair.OpenAsync(listener, () => Client(true), _rig.Outside);
        await pair.RoundAsync();
        Assert.IsType<UndoOutcome.Undone>(await fault.UndoAsync(intent, Stop));
    }

    [Fact]
    public async Task Netem_is_refused_where_the_kernel_has_none_and_where_it_can_not_choose()
    {
        var fault = new NetworkDelay(_rig.Tools);

        var chosen = await PrepareAsync(fault, ("delay", "1s"), ("method", "netem"), ("port", "80"));
        var whole = await PrepareAsync(fault, ("delay", "1s"), ("method", "netem"));

        Assert.Contains("neither to nor port", Assert.IsType<Preparation.Refused>(chosen).Why, StringComparison.Ordinal);
        if (await NetworkCapabilities.HasNetemAsync(Stop))
            Assert.NotNull(Assert.IsType<Preparation.Ready>(whole).Prior["device"]);
        else
            Assert.Contains("no netem", Assert.IsType<Preparation.Refused>(whole).Why, StringComparison.Ordinal);
    }

    private Task<Preparation> PrepareAsync(NetworkDelay fault, params (string, string)[] arguments) =>
        fault.PrepareAsync(NetworkRig.Order(fault, _rig.Target, TimeSpan.FromMinutes(1), arguments), Stop);

    private Socket Client(bool inside) => inside ? _rig.Network.Within(Make) : Make();

    private static Socket Make() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private sealed record Pair(Socket Client, Socket Server) : IDisposable
    {
        public static async Task<Pair> OpenAsync(Socket listener, Func<Socket> make, IPAddress address)
        {
            var client = make();
            await client.ConnectAsync(new IPEndPoint(address, ((IPEndPoint)listener.LocalEndPoint!).Port), Stop);
            return new(client, await listener.AcceptAsync(Stop));
        }

        public async Task<TimeSpan> RoundAsync()
        {
            var buffer = new byte[16];
            var began = TimeProvider.System.GetTimestamp();
            await Client.SendAsync("hello"u8.ToArray(), Stop);
            Assert.Equal(5, await Server.ReceiveAsync(buffer, Stop));
            await Server.SendAsync("hello"u8.ToArray(), Stop);
            Assert.Equal(5, await Client.ReceiveAsync(buffer, Stop));
            return TimeProvider.System.GetElapsedTime(began);
        }

        public void Dispose()
        {
            Client.Dispose();
            Server.Dispose();
        }
    }
}
