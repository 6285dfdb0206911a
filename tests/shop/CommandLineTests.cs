namespace Shop.Tests;

public class CommandLineTests
{
    [Fact]
    public void A_gateway_alone_is_told_where_the_others_are()
    {
        var problems = new List<string>();

        var options = CommandLine.Parse("--role gateway --port 5080 --item http://127.0.0.1:5081 --cart http://127.0.0.1:5082 --order http://127.0.0.1:5083".Split(' '), problems);

        Assert.Empty(problems);
        Assert.Equal([ShopRole.Gateway], options.Roles);
        Assert.Equal(5083, options.Elsewhere[ShopRole.Order].Port);
    }

    [Fact]
    public void A_service_named_again_has_a_further_instance()
    {
        var problems = new List<string>();

        var options = CommandLine.Parse("--role gateway --port 5080 --item http://127.0.0.1:5081 --item http://127.0.0.1:5084 --cart http://127.0.0.1:5082 --order http://127.0.0.1:5083".Split(' '), problems);

        Assert.Empty(problems);
        Assert.Equal(5081, options.Elsewhere[ShopRole.Item].Port);
        Assert.Equal(5084, Assert.Single(options.Replicas[ShopRole.Item]).Port);
    }

    [Fact]
    public void On_a_network_the_others_may_be_anywhere_and_one_process_may_hold_two()
    {
        var problems = new List<string>();

        var options = CommandLine.Parse("--network --role cart --role gateway --port 80 --item http://192.0.2.1:80 --order http://192.0.2.2:80".Split(' '), problems);

        Assert.Empty(problems);
        Assert.True(options.OnNetwork);
        Assert.Equal([ShopRole.Cart, ShopRole.Gateway], options.Roles);
    }

    [Theory]
    [InlineData("--role gateway")]
    [InlineData("--role cart --role cart")]
    [InlineData("--role till")]
    [InlineData("--role")]
    [InlineData("--port 5080")]
    [InlineData("--all --port x")]
    [InlineData("--all --port 65534")]
    [InlineData("--all --verbose")]
    [InlineData("--role gateway --item http://127.0.0.1:3 --item http://192.0.2.1:80 --cart http://127.0.0.1:1 --order http://127.0.0.1:2")]
    [InlineData("--role gateway --item http://192.0.2.1:80 --cart http://127.0.0.1:1 --order http://127.0.0.1:2")]
    public void What_does_not_fit_together_is_a_problem(string arguments)
    {
        var problems = new List<string>();

        CommandLine.Parse(arguments.Split(' '), problems);

        Assert.NotEmpty(problems);
    }
}
