namespace Pressure.Architecture.Tests;

/// <summary>
/// The house, top to bottom; a project references only projects below its own floor. A new project gets its floor here first.
/// </summary>
public class ArrowTests
{
    private const string Shop = "Shop";
    private const string Record = "Pressure.Record";

    private static readonly string[] Floors =
    [
        "Pressure.Bench",
        "Pressure.Bench.Micro",
        "Pressure.Bench.Access",
        "Pressure.Bench.Agent",
        "Pressure.Bench.GcLog",
        "Pressure.Bench.Docker",
        "Pressure.Bench.Mirror",
        "Pressure.Bench.Traffic",
        "Pressure.Bench.Cluster",
        "Pressure.Cli",
        "Pressure.Web",
        "Pressure.Agent.Program",
        "Pressure.Agent",
        "Pressure.Cluster",
        "Pressure.NBomber",
        "Pressure.Mirror",
        "Pressure.TrafficCopy",
        "Pressure.Gateway",
        "Pressure.Chaos",
        "Pressure.Faults",
        "Pressure.LoadGen",
        "Pressure.Reports",
        Record,
    ];

    // These meet on the timeline (Pressure.Record) and nowhere else.
    private static readonly (string From, string To)[] Strangers =
    [
        ("Pressure.TrafficCopy", "Pressure.Chaos"),
        ("Pressure.TrafficCopy", "Pressure.LoadGen"),
        ("Pressure.Mirror", "Pressure.LoadGen"),
        ("Pressure.Chaos", "Pressure.LoadGen"),
        ("Pressure.Faults", "Pressure.LoadGen"),
    ];

    private static IEnumerable<Project> Products => Repository.Projects.Where(p => !p.IsForTests);

    private static IEnumerable<(string From, string To)> Arrows =>
        Products.SelectMany(p => p.References, (from, to) => (From: from.Name, To: to));

    [Fact]
    public void Every_project_has_a_floor_in_the_house() =>
        Assert.Empty(Products.Select(p => p.Name).Except([.. Floors, Shop]));

    [Fact]
    public void References_run_downwards_only() =>
        Assert.DoesNotContain(Arrows, a => a.To != Shop && Array.IndexOf(Floors, a.From) >= Array.IndexOf(Floors, a.To));

    [Fact]
    public void Strangers_do_not_know_each_other() =>
        Assert.DoesNotContain(Strangers, s => Reachable(s.From).Contains(s.To));

    [Fact]
    public void The_record_references_nothing_of_ours() =>
        Assert.Empty(Reachable(Record));

    [Fact]
    public void The_sample_shop_references_nothing_of_ours_and_only_the_command_line_starts_it()
    {
        Assert.Empty(Reachable(Shop));
        Assert.All(Arrows.Where(a => a.To == Shop), a => Assert.Equal("Pressure.Cli", a.From));
    }

    [Fact]
    public void Nothing_that_ships_references_tests()
    {
        var tests = Repository.Projects.Where(p => p.IsForTests).Select(p => p.Name).ToHashSet();

        Assert.DoesNotContain(Arrows, a => tests.Contains(a.To));
    }

    private static HashSet<string> Reachable(string from)
    {
        var found = new HashSet<string>();
        Visit(from);
        return found;

        void Visit(string name)
        {
            foreach (var next in Arrows.Where(a => a.From == name).Select(a => a.To).Where(found.Add))
                Visit(next);
        }
    }
}
