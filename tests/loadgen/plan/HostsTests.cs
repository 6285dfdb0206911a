namespace Pressure.LoadGen.Tests;

public sealed class HostsTests
{
    private static readonly Dictionary<string, string> Orders = new() { ["service"] = "orders", ["env"] = "test" };

    [Fact]
    public void Hosts_are_named_by_name_by_pattern_and_by_labels()
    {
        var plan = Plans.Read(Plans.With() + "\nhosts: [ local, db1, \"*-web\", db*, service=orders, { service: item, env: test } ]\n");

        Assert.True(plan.SamplesLocal);
        Assert.Equal(["local", "db1", "*-web", "db*", "service=orders", "service=item,env=test"], plan.Hosts.Select(h => h.Text));
        Assert.Equal([true, false, false, false], plan.Hosts.OfType<HostSelector.Named>().Select(n => n.IsExact).Append(false));
        Assert.True(plan.Hosts[1].Line > 1);
    }

    [Theory]
    [InlineData("db1", "db1", true)]
    [InlineData("DB1", "db1", true)]
    [InlineData("db", "db1", false)]
    [InlineData("db*", "DB-2", true)]
    [InlineData("*-eu", "web-eu", true)]
    [InlineData("*", "anything", true)]
    [InlineData("d*1", "db2", false)]
    [InlineData("service=orders", "x", true)]
    [InlineData("service=orders,env=test", "x", true)]
    [InlineData("service=orders, env=live", "x", false)]
    [InlineData("service=Orders", "x", false)]
    [InlineData("local", "local", false)]
    public void A_host_is_meant_or_not(string selector, string name, bool meant)
    {
        Assert.Null(HostsReader.Parse(selector, out var value));
        Assert.Equal(meant, value.Matches(name, Orders));
    }

    [Theory]
    [InlineData("[ '' ]", "hosts[0]")]
    [InlineData("[ local, 'a b' ]", "hosts[1]")]
    [InlineData("[ 'service=' ]", "hosts[0]")]
    [InlineData("[ '=orders' ]", "hosts[0]")]
    [InlineData("[ 'a=b,a=c' ]", "hosts[0]")]
    [InlineData("[ 'a=b=c' ]", "hosts[0]")]
    [InlineData("[ 'service=orders,db1' ]", "hosts[0]")]
    [InlineData("[ {} ]", "hosts[0]")]
    [InlineData("[ { service: [ orders ] } ]", "hosts[0].service")]
    [InlineData("[ { service: '' } ]", "hosts[0].service")]
    [InlineData("[ [ db1 ] ]", "hosts[0]")]
    [InlineData("local", "hosts")]
    [InlineData("[ '../../etc' ]", "hosts[0]")]
    public void What_is_no_host_is_told_at_its_place(string hosts, string field)
    {
        var problem = Assert.Single(PlanReader.Parse(Plans.With() + $"\nhosts: {hosts}\n", "plan").Problems);
        Assert.Equal(field, problem.Field);
    }

    [Fact]
    public void A_draft_s_hosts_are_written_so_that_they_are_read_again()
    {
        string[] hosts = ["local", "db1", "*-web", "service=orders,env=test"];
        var draft = new PlanDraft { Name = "x", Target = "http://127.0.0.1", Rate = "1/s", Duration = "1s", Urls = [new UrlDraft { Url = "/" }], Hosts = hosts };

        Assert.Equal(hosts, PlanReader.Parse(PlanWriter.ToYaml(draft), "plan").Plan!.Hosts.Select(h => h.Text));
        Assert.Empty(PlanReader.Parse(PlanWriter.ToYaml(draft with { Hosts = [] }), "plan").Plan!.Hosts);
        Assert.DoesNotContain("hosts", PlanWriter.ToYaml(draft with { Hosts = ["local"] }), StringComparison.Ordinal);
    }
}
