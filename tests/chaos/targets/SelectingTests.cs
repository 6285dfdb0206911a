namespace Pressure.Chaos.Tests.Targets;

public sealed class SelectingTests
{
    private static readonly Protection OptIn = Protection.Usual;

    [Fact]
    public void A_selector_without_any_condition_matches_nothing()
    {
        var nothing = Nothing(new TargetSelector { Kind = TargetKind.Container, Hosts = ["*"], Mode = new SelectionMode.All() }, Container("web"));
        Assert.Contains("no condition", nothing.Why);
        Assert.Contains("names, labels, image or project", nothing.Remedy);
    }

    [Fact]
    public void All_conditions_hold_together()
    {
        var web = Container("web-1") with { Image = "shop/web:2", Labels = Allowing(("app", "web"), ("com.docker.compose.project", "shop")) };
        var selector = new TargetSelector
        {
            Kind = TargetKind.Container,
            Names = ["web-*"],
            Labels = new Dictionary<string, string> { ["app"] = "web", ["pressure.chaos"] = "" },
            Image = "shop/web:*",
            Project = "shop",
            Mode = new SelectionMode.All(),
        };
        Assert.Equal(["web-1"], Names(selector, web, Container("web-2"), web with { Target = Target("x"), Name = "x" }, web with { Image = "shop/api:2", Target = Target("y") }));
        Assert.Empty(Names(selector with { Project = "other" }, web));
        Assert.Empty(Names(selector with { Hosts = ["elsewhere"] }, web));
    }

    [Fact]
    public void Without_hosts_only_this_one_is_meant()
    {
        var selector = ByLabel(new SelectionMode.All());
        var there = Container("web") with { Host = "db-1" };
        Assert.Empty(Names(selector, there));
        Assert.Equal(["web"], Names(selector with { Hosts = ["db-*"] }, there, Container("here")));
    }

    [Theory]
    [InlineData("gone", "gone is not there")]
    [InlineData("bare", "bare does not bear the label pressure.chaos=allow")]
    [InlineData("stopped", "stopped does not run")]
    [InlineData("broker", "broker is on the protected list")]
    [InlineData("web", "web is there, but another condition of the selector does not hold for it")]
    public void A_named_target_that_is_missing_or_must_not_be_struck_is_an_error_that_names_it(string name, string expected)
    {
        var nothing = Nothing(
            new TargetSelector { Kind = TargetKind.Container, Names = ["fine", name], Image = "i", Mode = new SelectionMode.One() },
            OptIn with { Names = ["bro*"] },
            Container("fine"),
            Container("bare") with { Labels = new Dictionary<string, string>() },
            Container("stopped") with { Running = false },
            Container("broker"),
            Container("web") with { Image = "other" });
        Assert.Contains(expected, nothing.Why);
        Assert.DoesNotContain("fine", nothing.Why);
    }

    [Fact]
    public void What_a_pattern_means_and_must_not_be_struck_is_spared_and_told()
    {
        var selection = Selecting.Choose(ByName("*", new SelectionMode.All()), [Container("a"), Container("b") with { Labels = new Dictionary<string, string> { ["pressure.chaos"] = "deny" } }], OptIn, new Random(1));
        var chosen = Assert.IsType<Selection.Chosen>(selection);
        Assert.Equal("a", Assert.Single(chosen.Matching).Name);
        Assert.Equal(("b", "does not bear the label pressure.chaos=allow"), (chosen.Spared[0].Candidate.Name, chosen.Spared[0].Why));
    }

    [Fact]
    public void A_container_that_carries_a_protected_process_is_protected_on_this_host_only()
    {
        var protection = OptIn with { Pids = [42], Containers = [Target("by-id").Id] };
        var carrying = Container("carrying") with { Pid = 42 };
        var selector = ByName("*", new SelectionMode.All()) with { Hosts = ["*"] };
        Assert.Equal(["carrying"], Names(selector, protection, carrying, Container("by-id"), carrying with { Host = "elsewhere" }));
    }

    [Fact]
    public void Processes_opt_in_by_their_exact_name_or_id_or_by_the_allow_list()
    {
        var java = Process(700, "java");
        Assert.Equal(["java"], Names(Processes("java"), java));
        Assert.Equal(["java"], Names(Processes("700"), java, Process(7001, "node")));
        Assert.Empty(Names(Processes("jav*"), java));
        Assert.Equal(["java"], Names(Processes("jav*"), OptIn with { Allowed = ["java"] }, java));
        Assert.Contains("allow-list", Nothing(Processes("java"), OptIn with { Allowed = ["node"] }, java).Why);
    }

    [Fact]
    public void Of_processes_with_one_name_those_that_must_not_be_struck_are_spared_and_the_others_struck()
    {
        var chosen = Assert.IsType<Selection.Chosen>(Selecting.Choose(Processes("java"), [Process(5, "java"), Process(6, "java")], OptIn with { Pids = [5] }, new Random(1)));
        Assert.Equal(6, ((FaultTarget.Process)Assert.Single(chosen.Targets).Target).Pid);
        Assert.Single(chosen.Spared);
    }

    [Fact]
    public void The_first_process_and_what_carries_the_host_are_never_struck_wherever_they_are()
    {
        var protection = OptIn with { Commands = ["sshd"] };
        Assert.Contains("first process", Nothing(Processes("1") with { Hosts = ["away"] }, protection, Process(1, "app") with { Host = "away" }).Why);
        Assert.Contains("carries its host", Nothing(Processes("sshd") with { Hosts = ["away"] }, protection, Process(9, "sshd") with { Host = "away" }).Why);
        Assert.Equal(["sshd"], Names(ByName("sshd", new SelectionMode.All()), protection, Container("sshd")));
    }

    [Fact]
    public void Hosts_are_named_where_others_are_only_searched_on_them()
    {
        Candidate[] hosts = [new("local", new FaultTarget.Host("alpha")) { Name = "alpha" }, new("db-1", new FaultTarget.Host("db-1")) { Name = "db-1" }];
        var selector = new TargetSelector { Kind = TargetKind.Host, Mode = new SelectionMode.All() };
        Assert.Equal(["db-1"], Names(selector with { Hosts = ["db-1"] }, hosts));
        Assert.Equal(["alpha"], Names(selector with { Hosts = ["local"] }, hosts));
        Assert.Equal(["alpha"], Names(selector with { Names = ["alpha"] }, hosts));
        Assert.Empty(Names(selector with { Hosts = ["*"] }, hosts));
        Assert.Contains("db-2 is not there", Nothing(selector with { Hosts = ["db-2", "db-1"] }, hosts).Why);
    }

    [Fact]
    public void Pods_are_named_with_or_without_their_namespace_and_a_route_by_itself()
    {
        Candidate pod = new("local", new FaultTarget.Pod("shop", "item-1", "u1")) { Name = "item-1", Labels = Allowing() };
        var pods = new TargetSelector { Kind = TargetKind.Pod, Mode = new SelectionMode.All() };
        Assert.Single(Names(pods with { Names = ["shop/item-1"] }, pod));
        Assert.Single(Names(pods with { Namespace = "shop" }, pod));
        Assert.Empty(Names(pods with { Namespace = "other" }, pod));
        var route = new FaultTarget.Route("127.0.0.1:1", "tcp://127.0.0.1:2");
        Assert.Single(Names(new TargetSelector { Kind = TargetKind.Route, Route = route }, new Candidate("local", route) { Name = route.Label }));
        Assert.Empty(Names(new TargetSelector { Kind = TargetKind.Route }, new Candidate("local", route) { Name = route.Label }));
    }

    [Theory]
    [InlineData("one", 4, 1)]
    [InlineData("all", 4, 4)]
    [InlineData("3", 4, 3)]
    [InlineData("50%", 5, 2)]
    [InlineData("29%", 100, 29)]
    [InlineData("100%", 7, 7)]
    public void Every_mode_takes_its_number(string mode, int of, int expected) => Assert.Equal(expected, Names(ByLabel(SelectionMode.Parse(mode)!), Several(of)).Length);

    [Theory]
    [InlineData("5", 4, "5 are to be struck, and only 4 match")]
    [InlineData("25%", 3, "25% of 3 is less than one")]
    [InlineData("up to 25%", 3, "up to 25% of 3 is less than one")]
    public void A_mode_that_would_strike_nothing_or_less_than_asked_says_so(string mode, int of, string expected) =>
        Assert.Contains(expected, Nothing(ByLabel(SelectionMode.Parse(mode)!), Several(of)).Why);

    [Fact]
    public void Up_to_a_share_takes_every_number_up_to_it_and_one_takes_each_about_equally()
    {
        var random = new Random(7);
        var counts = Enumerable.Range(0, 300).Select(_ => ((Selection.Chosen)Selecting.Choose(ByLabel(new SelectionMode.UpTo(0.5)), Several(8), OptIn, random)).Targets.Count).ToArray();
        Assert.Equal([1, 2, 3, 4], counts.Distinct().Order());
        var ones = Enumerable.Range(0, 4000).Select(_ => ((Selection.Chosen)Selecting.Choose(ByLabel(new SelectionMode.One()), Several(4), OptIn, random)).Targets[0].Name).CountBy(n => n).ToArray();
        Assert.All(ones, o => Assert.InRange(o.Value, 900, 1100));
    }

    [Fact]
    public void The_same_chance_strikes_the_same_however_the_inventory_is_ordered()
    {
        var several = Several(20);
        var once = Selecting.Choose(ByLabel(new SelectionMode.Fixed(5)), several, OptIn, new Random(3));
        var again = Selecting.Choose(ByLabel(new SelectionMode.Fixed(5)), [.. several.Reverse(), several[0]], OptIn, new Random(3));
        Assert.Equal(((Selection.Chosen)once).Targets.Select(t => t.Name), ((Selection.Chosen)again).Targets.Select(t => t.Name));
    }

    internal static Dictionary<string, string> Allowing(params (string Name, string Value)[] more)
    {
        var labels = more.ToDictionary(m => m.Name, m => m.Value);
        labels["pressure.chaos"] = "allow";
        return labels;
    }

    internal static FaultTarget.Container Target(string name) => new(name.PadRight(64, '0'), name, "2026-01-01T00:00:00Z");

    internal static Candidate Container(string name) => new("local", Target(name)) { Name = name, Image = "i", Labels = Allowing() };

    internal static Candidate Process(int pid, string name) => new("local", new FaultTarget.Process(pid, 100, name)) { Name = name, Pid = pid };

    private static Candidate[] Several(int count) => [.. Enumerable.Range(0, count).Select(i => Container($"c{i:00}"))];

    private static TargetSelector ByName(string name, SelectionMode mode) => new() { Kind = TargetKind.Container, Names = [name], Mode = mode };

    private static TargetSelector ByLabel(SelectionMode mode) => new() { Kind = TargetKind.Container, Labels = Allowing(), Mode = mode };

    private static TargetSelector Processes(string name) => new() { Kind = TargetKind.Process, Names = [name], Mode = new SelectionMode.All() };

    private static string[] Names(TargetSelector selector, params Candidate[] candidates) => Names(selector, OptIn, candidates);

    private static string[] Names(TargetSelector selector, Protection protection, params Candidate[] candidates) =>
        Selecting.Choose(selector, candidates, protection, new Random(1)) is Selection.Chosen chosen ? [.. chosen.Targets.Select(t => t.Name)] : [];

    private static Selection.Nothing Nothing(TargetSelector selector, params Candidate[] candidates) => Nothing(selector, OptIn, candidates);

    private static Selection.Nothing Nothing(TargetSelector selector, Protection protection, params Candidate[] candidates) =>
        Assert.IsType<Selection.Nothing>(Selecting.Choose(selector, candidates, protection, new Random(1)));
}
