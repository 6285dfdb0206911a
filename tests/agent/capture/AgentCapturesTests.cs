namespace Pressure.Agent.Tests.Capture;

/// <summary>Captures on this machine's own loopback; needs root and libpcap.</summary>
public sealed class AgentCapturesTests
{
    [Fact(Timeout = 60_000)]
    public async Task One_that_has_ended_costs_the_host_nothing_though_it_can_still_be_fetched()
    {
        var before = PacketSockets();
        using var captures = new AgentCaptures(new([]), TimeProvider.System);
        var begun = captures.Start(new() { Interface = "lo", Ports = [9], Seconds = 0.2 });
        Assert.Equal(before + 1, PacketSockets());
        while (!captures.Status().Ended)
            await Task.Delay(20, TestContext.Current.CancellationToken);

        Assert.Equal(before, PacketSockets());
        var told = await captures.ReadAsync(new() { Capture = begun.Capture! }, TestContext.Current.CancellationToken);
        Assert.Equal((true, "Its time is over."), (told.Over, told.Why));
        Assert.NotNull(told.Account);
    }

    /// <summary>Sockets of this process that get packets as they are on the wire.</summary>
    private static int PacketSockets()
    {
        var packet = File.ReadLines("/proc/self/net/packet").Skip(1).Select(l => $"socket:[{l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1]}]").ToHashSet();
        return Directory.GetFiles("/proc/self/fd").Select(f => new FileInfo(f).LinkTarget).Count(t => t is not null && packet.Contains(t));
    }
}
