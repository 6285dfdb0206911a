namespace Pressure.Faults.Tests;

/// <summary>What is left of a network's filters, and what is not touched.</summary>
public sealed class PacketFilterTests : IDisposable
{
    private static readonly string[] Own = ["OUTPUT", "-d", "192.0.2.9", "-j", "DROP"];

    private readonly NetworkRig _rig = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Kinds => new(NetworkFaults.All(new FaultTools(TimeProvider.System, "", "")).OfType<PacketFault>().Select(f => f.Description.Kind));

    public void Dispose() => _rig.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_network_that_had_no_tables_has_none_afterwards(string kind)
    {
        var before = _rig.State();
        var fault = Fault(kind);

        var intent = await _rig.ApplyAsync(fault, Arguments(kind));
        var during = _rig.State();
        var outcome = await fault.UndoAsync(intent, Stop);

        Assert.IsType<UndoOutcome.Undone>(outcome);
        Assert.Contains($"pressure:{intent.Handle}", during, StringComparison.Ordinal);
        Assert.DoesNotContain("*filter", before, StringComparison.Ordinal);
        Assert.Equal(before, _rig.State());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_network_with_rules_of_its_own_keeps_them_as_they_were(string kind)
    {
        _rig.Network.Do("iptables", ["-A", .. Own]);
        _rig.Network.Do("iptables", "-N", "THEIRS");
        _rig.Network.Do("ip6tables", "-P", "FORWARD", "DROP");
        var before = _rig.State();
        var fault = Fault(kind);

        await fault.UndoAsync(await _rig.ApplyAsync(fault, Arguments(kind)), Stop);

        Assert.Equal(before, _rig.State());
    }

    [Fact]
    public async Task Rules_that_somebody_else_puts_in_meanwhile_stay()
    {
        var fault = new NetworkLoss(_rig.Tools);
        var intent = await _rig.ApplyAsync(fault, ("percent", "5%"));
        _rig.Network.Do("iptables", ["-A", .. Own]);

        await fault.UndoAsync(intent, Stop);

        Assert.Contains("-A OUTPUT -d 192.0.2.9/32 -j DROP", _rig.State(), StringComparison.Ordinal);
        Assert.DoesNotContain("statistic", _rig.State(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_side_by_side_are_undone_in_any_order_and_the_last_takes_the_tables_away()
    {
        var before = _rig.State();
        var faults = NetworkFaults.All(_rig.Tools).OfType<PacketFault>().Concat(NetworkFaults.All(_rig.Tools).OfType<PacketFault>()).ToList();
        List<(IFault Fault, FaultIntent Intent)> applied = [];
        foreach (var fault in faults)
            applied.Add((fault, await _rig.ApplyAsync(fault, Arguments(fault.Description.Kind))));
        var order = applied.ToArray();
        new Random(5).Shuffle(order);

        foreach (var (fault, intent) in order)
        {
            Assert.NotNull(await fault.ResidueAsync(intent, Stop));
            await fault.UndoAsync(intent, Stop);
            Assert.Null(await fault.ResidueAsync(intent, Stop));
        }

        Assert.Equal(before, _rig.State());
    }

    [Fact]
    public async Task Faults_that_come_and_go_at_the_same_time_leave_nothing()
    {
        var before = _rig.State();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async n =>
        {
            var fault = new NetworkLoss(_rig.Tools);
            for (var round = 0; round < 3; round++)
                Assert.IsType<UndoOutcome.Undone>(await fault.UndoAsync(await _rig.ApplyAsync(fault, ("percent", $"{n}%")), Stop));
        }));

        Assert.Equal(before, _rig.State());
    }

    [Fact]
    public async Task What_was_never_applied_or_is_undone_already_is_nothing_to_undo()
    {
        var fault = new NetworkPartition(_rig.Tools);
        var before = _rig.State();
        var intent = await NetworkRig.IntendAsync(fault, _rig.Target, TimeSpan.FromMinutes(1));

        Assert.IsType<UndoOutcome.NothingToUndo>(await fault.UndoAsync(intent, Stop));
        await fault.ApplyAsync(intent, Stop);
        Assert.IsType<UndoOutcome.Undone>(await fault.UndoAsync(intent, Stop));
        Assert.IsType<UndoOutcome.NothingToUndo>(await fault.UndoAsync(intent, Stop));

        Assert.Equal(before, _rig.State());
    }

    [Fact]
    public async Task The_kernel_itself_ends_it_a_second_after_the_deadline_at_the_latest()
    {
        using var inside = _rig.UdpInside();
        using var outside = NetworkRig.Udp();
        var fault = new NetworkPartition(_rig.Tools);
        var intent = await NetworkRig.ApplyAsync(fault, _rig.Target, TimeSpan.FromSeconds(10));

        var during = NetworkRig.Datagrams(inside, outside, _rig.Outside, 10);
        var left = intent.Deadline + TimeSpan.FromSeconds(1) - TimeProvider.System.GetUtcNow();
        await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, Stop);
        var after = NetworkRig.Datagrams(inside, outside, _rig.Outside, 10);

        Assert.Equal((0, 10), (during, after));
        // Its rules are still there, and are taken out by whoever comes.
        Assert.IsType<UndoOutcome.Undone>(await fault.UndoAsync(intent, Stop));
    }

    private IFault Fault(string kind) => NetworkFaults.All(_rig.Tools).Single(f => f.Description.Kind == kind);

    private static (string, string)[] Arguments(string kind) => kind == "network-loss" ? [("percent", "12.5%"), ("port", "80,443"), ("to", "192.0.2.0/24,fd00::1")] : [];
}
