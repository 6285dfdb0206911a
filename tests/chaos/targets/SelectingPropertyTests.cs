using static Pressure.Chaos.Tests.Targets.SelectingTests;

namespace Pressure.Chaos.Tests.Targets;

/// <summary>G4: random selections over random inventories, judged by an oracle that knows nothing of how selecting is written.</summary>
public sealed class SelectingPropertyTests
{
    private static readonly string[] Names = ["web-1", "web-2", "web-3", "item", "item-1", "broker", "pressure-service", "db", "java", "sshd"];
    private static readonly string[] Hosts = ["local", "a", "b"];
    private static readonly string[] Images = ["shop/web:1", "shop/item:1", "redis"];

    [Fact]
    public void Ten_thousand_random_selections_over_random_inventories_hit_nothing_protected_unlabelled_or_stale_and_take_the_number_asked_for()
    {
        var random = new Random(20260101);
        int chosen = 0, refused = 0, hit = 0;
        while (chosen < 10_000)
        {
            var inventory = Inventory(random);
            var protection = SomeProtection(random);
            var selector = Selector(random);
            switch (Selecting.Choose(selector, inventory, protection, random))
            {
                case Selection.Chosen selection:
                    chosen++;
                    hit += selection.Targets.Count;
                    Assert.All(selection.Targets, t => AssertMayBeStruck(t, selector, protection));
                    Assert.All(selection.Matching, t => AssertMayBeStruck(t, selector, protection));
                    Assert.Equal(selection.Targets.Count, selection.Targets.Select(t => (t.Host, t.Target)).Distinct().Count());
                    Assert.Subset(selection.Matching.ToHashSet(), selection.Targets.ToHashSet());
                    AssertCount(selector.Mode, selection);
                    Assert.All(selector.Names.Where(n => !n.Contains('*')), n => Assert.Contains(selection.Matching, m => m.Name == n));
                    break;
                case Selection.Nothing nothing:
                    refused++;
                    Assert.EndsWith(".", nothing.Why);
                    Assert.EndsWith(".", nothing.Remedy);
                    break;
            }
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"G4: {chosen} selections chose {hit} targets, {refused} more were refused; 0 protected, unlabelled or stale targets hit.");
    }

    private static void AssertMayBeStruck(Candidate target, TargetSelector selector, Protection protection)
    {
        Assert.True(target.Running, "stale");
        Assert.NotEqual("broker", target.Name);
        Assert.False(target.Name.StartsWith("pressure-", StringComparison.Ordinal), "protected by a pattern");
        Assert.False(target.Host == "local" && protection.Pids.Contains(target.Pid), "carries a protected process");
        Assert.False(target.Target is FaultTarget.Process { Name: "sshd" } or FaultTarget.Process { Pid: 1 }, "carries its host");
        if (target.Target is FaultTarget.Container or FaultTarget.Pod)
            Assert.Equal("allow", target.Labels["pressure.chaos"]);
        else
            Assert.True(selector.Names.Concat(selector.Hosts).Any(n => n == target.Name || n == target.Host || n == target.Pid.ToString()), "not named");
        Assert.Contains(target.Host, selector.Hosts.Count == 0 && target.Target is not FaultTarget.Host ? ["local"] : selector.Hosts.Contains("*") || selector.Names.Count > 0 && target.Target is FaultTarget.Host ? Hosts : selector.Hosts);
    }

    private static void AssertCount(SelectionMode mode, Selection.Chosen selection)
    {
        var of = selection.Matching.Count;
        var expected = mode switch
        {
            SelectionMode.One => (1, 1),
            SelectionMode.All => (of, of),
            SelectionMode.Fixed(var count) => (count, count),
            SelectionMode.Percent(var share) => ((int)((decimal)share * of), (int)((decimal)share * of)),
            SelectionMode.UpTo(var share) => (1, (int)((decimal)share * of)),
            _ => throw new InvalidOperationException(),
        };
        Assert.InRange(selection.Targets.Count, expected.Item1, expected.Item2);
        Assert.True(selection.Targets.Count > 0);
    }

    private static Candidate[] Inventory(Random random) => [.. Enumerable.Range(0, random.Next(0, 40)).Select(i => Something(random, i))];

    private static Candidate Something(Random random, int i)
    {
        var name = Names[random.Next(Names.Length)];
        var host = Hosts[random.Next(Hosts.Length)];
        var pid = random.Next(4) == 0 ? random.Next(1, 6) : 1000 + i;
        FaultTarget target = random.Next(4) switch
        {
            0 => new FaultTarget.Process(pid, i, name),
            1 => new FaultTarget.Pod(random.Next(2) == 0 ? "shop" : "other", name, $"uid{i}"),
            2 when random.Next(3) == 0 => new FaultTarget.Host(host),
            _ => new FaultTarget.Container($"{i:x}".PadLeft(64, '0'), name, "t"),
        };
        var labels = new Dictionary<string, string> { ["app"] = random.Next(2) == 0 ? "web" : "item" };
        if (random.Next(5) > 0)
            labels["pressure.chaos"] = random.Next(6) == 0 ? "deny" : "allow";
        return new(host, target)
        {
            Name = target is FaultTarget.Host ? host : name,
            Labels = labels,
            Image = Images[random.Next(Images.Length)],
            Pid = target is FaultTarget.Host or FaultTarget.Pod ? 0 : pid,
            Running = random.Next(6) > 0,
        };
    }

    private static Protection SomeProtection(Random random) => Protection.Usual with { Names = ["broker", "pressure-*"], Pids = [1, 2, 3, random.Next(1000, 1040)], Commands = ["sshd"] };

    private static TargetSelector Selector(Random random) => new()
    {
        Kind = (TargetKind)random.Next(4),
        Hosts = random.Next(4) switch { 0 => ["*"], 1 => [Hosts[random.Next(3)]], _ => [] },
        Names = random.Next(5) switch { 0 => [Names[random.Next(Names.Length)]], 1 => ["web-*"], 2 => ["*"], _ => [] },
        Labels = random.Next(3) switch { 0 => Allowing(), 1 => new Dictionary<string, string> { ["app"] = "" }, _ => new Dictionary<string, string>() },
        Image = random.Next(5) == 0 ? "shop/*" : null,
        Namespace = random.Next(10) == 0 ? "shop" : null,
        Mode = random.Next(5) switch
        {
            0 => new SelectionMode.One(),
            1 => new SelectionMode.All(),
            2 => new SelectionMode.Fixed(random.Next(0, 4)),
            3 => new SelectionMode.Percent(random.Next(0, 21) * 0.05),
            _ => new SelectionMode.UpTo(random.Next(0, 21) * 0.05),
        },
    };
}
