using System.Globalization;

namespace Pressure.Agent.Tests.Capture;

/// <summary>Captures on a wire of their own; needs root and libpcap.</summary>
public sealed class AgentCapturesTests : IDisposable
{
    // On loopback other tests capture too.
    private readonly NetworkNamespace _network = NetworkNamespace.Create();

    public void Dispose() => _network.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task One_that_has_ended_costs_the_host_nothing_though_it_can_still_be_fetched()
    {
        using var captures = new AgentCaptures(new([]), TimeProvider.System);
        var begun = captures.Start(new() { Interface = _network.Device, Ports = [9], Seconds = 0.2 });
        Assert.Equal(1, PacketSockets());
        while (!captures.Status().Ended)
            await Task.Delay(20, TestContext.Current.CancellationToken);

        // A program that another test was just starting may have had the socket, too, for a moment more.
        for (var tries = 0; tries < 3_000 && PacketSockets() > 0; tries++)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        Assert.Equal(0, PacketSockets());
        var told = await captures.ReadAsync(new() { Capture = begun.Capture! }, TestContext.Current.CancellationToken);
        Assert.Equal((true, "Its time is over."), (told.Over, told.Why));
        Assert.NotNull(told.Account);
    }

    /// <summary>Sockets that get packets of the wire as they are.</summary>
    private int PacketSockets()
    {
        const int Interface = 4;
        var index = int.Parse(File.ReadAllText($"/sys/class/net/{_network.Device}/ifindex"), CultureInfo.InvariantCulture);
        return File.ReadLines("/proc/self/net/packet").Skip(1).Count(l => int.Parse(l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[Interface], CultureInfo.InvariantCulture) == index);
    }
}
