using FsCheck;
using FsCheck.Fluent;
using Pressure.TestKit;

namespace Pressure.Cluster.Tests.Bus;

public sealed class BrokerAddressTests
{
    [Theory]
    [InlineData("amqp://host", "guest", "guest", "/", "host:5672")]
    [InlineData("amqps://host/", "guest", "guest", "/", "host:5671")]
    [InlineData("AMQP://user:secret@host:1234/vh", "user", "secret", "vh", "host:1234")]
    [InlineData("amqps://user:se%3Acr%40et@host/a%2Fb", "user", "se:cr@et", "a/b", "host:5671")]
    [InlineData("amqp://user:with@at@host", "user", "with@at", "/", "host:5672")]
    [InlineData("amqp://user@a,b:7,[::1]:8,10.0.0.1", "user", "guest", "/", "a:5672 b:7 [::1]:8 10.0.0.1:5672")]
    [InlineData("amqp://user:@host", "user", "", "/", "host:5672")]
    public void An_address_says_who_comes_to_which_hosts(string text, string user, string password, string virtualHost, string hosts)
    {
        var (address, problems) = (BrokerAddress.Parse(text).Address, BrokerAddress.Parse(text).Problems);
        Assert.Empty(problems);
        Assert.Equal((user, password, virtualHost, hosts), (address!.User, address.ReadPassword(), address.VirtualHost, string.Join(' ', address.Hosts)));
        Assert.Equal(text.StartsWith("amqps", StringComparison.OrdinalIgnoreCase), address.Tls);
    }

    [Theory]
    [InlineData("rabbit.example:5672", "begins with")]
    [InlineData("http://host", "begins with")]
    [InlineData("", "begins with")]
    [InlineData("amqp://", "no host")]
    [InlineData("amqp://user:secret@", "no host")]
    [InlineData("amqp://:secret@host", "no user")]
    [InlineData("amqp://user:secret", "port")]
    [InlineData("amqp://host:0", "port")]
    [InlineData("amqp://host:70000", "port")]
    [InlineData("amqp://ho st", "neither a name")]
    [InlineData("amqp://host/a/b", "virtual host")]
    [InlineData("amqp://user:sec/ret@host", "%2F")]
    [InlineData("amqp://user:sec?ret@host", "%3F")]
    [InlineData("amqp://user:sec#ret@host", "%23")]
    [InlineData("amqp://host?heartbeat=3", "unknown option")]
    [InlineData("amqp://host?secret", "unknown option")]
    [InlineData("amqps://host?cacertfile=", "no value")]
    [InlineData("amqps://host?certfile=a&certfile=b", "twice")]
    [InlineData("amqp://host?cacertfile=a", "amqps://")]
    [InlineData("amqps://host?keyfile=a", "certfile")]
    [InlineData("amqp://user:secret@host?password_file=f", "more than one place")]
    [InlineData("amqp://user@host?password_file=f&password_env=E", "more than one place")]
    public void A_wrong_address_is_told_with_a_remedy_and_without_the_password(string text, string expected)
    {
        var outcome = BrokerAddress.Parse(text);
        Assert.Null(outcome.Address);
        var told = string.Join('\n', outcome.Problems);
        Assert.Contains(expected, told);
        Assert.DoesNotContain("sec", told);
        Assert.DoesNotContain("ret", told);
        Assert.All(outcome.Problems, p => Assert.NotEmpty(p.Remedy));
    }

    [Fact]
    public void All_problems_come_at_once() => Assert.Equal(3, BrokerAddress.Parse("amqp://host:x/a/b?cacertfile=f").Problems.Count);

    [Fact]
    public void The_password_may_stand_in_a_file_that_is_read_anew_each_time()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("password"), "first\nsecond line\n");
        var address = BrokerAddress.Parse($"amqp://user@host?password_file={folder.File("password")}").Address!;
        Assert.Equal("first", address.ReadPassword());
        File.WriteAllText(folder.File("password"), "second");
        Assert.Equal("second", address.ReadPassword());
        File.WriteAllText(folder.File("password"), "");
        Assert.Contains("is empty", Assert.Throws<BusException>(address.ReadPassword).Message);
        File.Delete(folder.File("password"));
        Assert.Contains("can't be read", Assert.Throws<BusException>(address.ReadPassword).Message);
    }

    [Fact]
    public void The_password_may_stand_in_the_environment()
    {
        var address = BrokerAddress.Parse("amqp://user@host?password_env=PRESSURE_TEST_PASSWORD").Address!;
        Assert.Contains("PRESSURE_TEST_PASSWORD, which is not set", Assert.Throws<BusException>(address.ReadPassword).Message);
        Environment.SetEnvironmentVariable("PRESSURE_TEST_PASSWORD", "from there");
        Assert.Equal("from there", address.ReadPassword());
        Environment.SetEnvironmentVariable("PRESSURE_TEST_PASSWORD", null);
    }

    [Fact]
    public void Its_text_has_no_password_and_names_what_else_there_is()
    {
        var address = BrokerAddress.Parse("amqps://us%40er:secret@a,[::1]:8/v%2Fh?cacertfile=ca").Address!;
        Assert.Equal("amqps://us%40er@a:5671,[::1]:8/v%2Fh", address.ToString());
        Assert.Equal(address.ToString(), BrokerAddress.Parse(address.ToString()).Address!.ToString());
    }

    [Fact]
    public void Whatever_is_written_is_an_address_or_a_problem_and_the_password_is_never_shown() => Prop.ForAll(Arbitrary, tail =>
    {
        const string Password = "qqqsecretqqq";
        foreach (var text in new[] { tail, "amqp://" + tail, $"amqps://u:{Password}{tail}", $"amqp://u:{Password}@h{tail}", $"amqp://u:{tail}{Password}@h" })
        {
            var outcome = BrokerAddress.Parse(text);
            Assert.Equal(outcome.Address is null, outcome.Problems.Count > 0);
            // Without an @ anywhere it can't be told from a host, but that is refused then: it is followed by no port.
            if (text.Contains('@'))
                Assert.DoesNotContain(Password, $"{string.Join(' ', outcome.Problems)} {outcome.Address}");
        }
    }).QuickCheckThrowOnFailure();

    private static Arbitrary<string> Arbitrary => Gen.Elements("a", "@", ":", "/", "?", "#", "&", "=", "%", "[", "]", ",", "%40", "1", "é", " ").ArrayOf().Select(string.Concat).ToArbitrary();
}
