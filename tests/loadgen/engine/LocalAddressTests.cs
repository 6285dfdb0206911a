using System.Collections.Concurrent;
using System.Net;
using Pressure.LoadGen.Engine;
using Pressure.Record;

namespace Pressure.LoadGen.Tests.Engine;

public class LocalAddressTests
{
    private static readonly IPAddress[] Three = [IPAddress.Parse("127.0.0.2"), IPAddress.Parse("127.0.0.3"), IPAddress.Parse("127.0.0.77")];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connections_come_from_the_addresses_in_turn(bool overHandler)
    {
        var seen = new ConcurrentBag<IPAddress>();
        await using var server = new RawServer(
            async c =>
            {
                while (await c.ReadRequestAsync() is not null)
                {
                    seen.Add(c.From);
                    await c.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
                }
            },
            tls: overHandler);
        // An address of the other family stands by for targets of that family.
        var http = EngineRun.Insecure with { KeepAlive = false, LocalAddresses = [Three[0], IPAddress.IPv6Loopback, Three[1], Three[2]] };

        var run = await EngineRun.Of(EngineRun.Plan(60, 1, EngineRun.Get(server.Url)) with { Http = http }, lanes: 2, overHandler: overHandler);

        Assert.Equal(60, run.Only.Ok);
        Assert.Equal(Three, seen.Distinct().OrderBy(a => a.ToString(), StringComparer.Ordinal).OrderBy(a => Array.IndexOf(Three, a)));
        Assert.All(Three, a => Assert.Equal(20, seen.Count(s => s.Equals(a))));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_target_of_another_family_than_all_addresses_is_connect_failed(bool overHandler)
    {
        await using var server = RawServer.Answering(tls: overHandler);
        var http = EngineRun.Insecure with { LocalAddresses = [IPAddress.IPv6Loopback] };

        var run = await EngineRun.Of(EngineRun.Plan(10, 1, EngineRun.Get(server.Url)) with { Http = http }, overHandler: overHandler);

        Assert.Equal([(RequestError.ConnectFailed, 10L)], run.Only.Errors());
        Assert.Equal(0, server.Connections);
    }

    [Theory]
    [InlineData(99, RequestError.PortsExhausted)]
    [InlineData(98, RequestError.PortsExhausted)]
    [InlineData(111, RequestError.ConnectRefused)]
    [InlineData(110, RequestError.ConnectTimeout)]
    [InlineData(113, RequestError.ConnectFailed)]
    public void What_the_kernel_says_has_a_name(int errno, RequestError expected) => Assert.Equal(expected, Connector.ErrorOf(errno));

    [Theory]
    [InlineData("127.0.0.2", "127.0.0.2")]
    [InlineData("127.0.0.254-127.0.1.1", "127.0.0.254 127.0.0.255 127.0.1.0 127.0.1.1")]
    [InlineData("127.0.3.8/30", "127.0.3.8 127.0.3.9 127.0.3.10 127.0.3.11")]
    [InlineData("::1", "::1")]
    [InlineData("::1/128", "::1")]
    public void Addresses_ranges_and_blocks_are_read(string text, string expected)
    {
        var plan = PlanReader.Parse(Plan($"[ \"{text}\" ]"), "plan.yaml");

        Assert.Empty(plan.Problems);
        Assert.Equal(expected, string.Join(' ', plan.Plan!.Http.LocalAddresses));
    }

    [Fact]
    public void An_address_given_twice_is_taken_once() =>
        Assert.Equal(2, PlanReader.Parse(Plan("[ 127.0.0.2, 127.0.0.2-127.0.0.3 ]"), "plan.yaml").Plan!.Http.LocalAddresses.Count);

    [Theory]
    [InlineData("[ 198.51.100.7 ]", "http.localAddresses[0]", "198.51.100.7 is not an address of this machine", "ip address")]
    [InlineData("[ 127.0.0.2, 198.51.100.1-198.51.100.3 ]", "http.localAddresses[1]", "198.51.100.1 is not an address of this machine", "ip address")]
    [InlineData("[ 198.51.100.0/28 ]", "http.localAddresses[0]", "no address of '198.51.100.0/28' is one of this machine", "ip address")]
    [InlineData("[ localhost ]", "http.localAddresses[0]", "is not an address", "Write an address")]
    [InlineData("[ 127.1 ]", "http.localAddresses[0]", "is not an address", "Write an address")]
    [InlineData("[ 0.0.0.0 ]", "http.localAddresses[0]", "is not an address", "Write an address")]
    [InlineData("[ \"127.0.0.2-::1\" ]", "http.localAddresses[0]", "is not an address", "Write an address")]
    [InlineData("[ 127.0.0.9-127.0.0.2 ]", "http.localAddresses[0]", "ends before it begins", "127.0.0.2-127.0.0.9")]
    [InlineData("[ 127.0.0.0/8 ]", "http.localAddresses[0]", "more than 4,096", "smaller")]
    [InlineData("[ 127.0.0.0-127.9.0.0 ]", "http.localAddresses[0]", "more than 4,096", "smaller")]
    [InlineData("[ 10.0.0.0/99 ]", "http.localAddresses[0]", "not a block", "Write an address")]
    [InlineData("127.0.0.2", "http.localAddresses", "should be a list", "10.0.0.5")]
    [InlineData("[]", "http.localAddresses", "is empty", "10.0.0.5")]
    public void What_can_t_be_a_source_is_refused_with_its_remedy(string list, string field, string message, string remedy)
    {
        var problem = Assert.Single(PlanReader.Parse(Plan(list), "plan.yaml").Problems);

        Assert.Equal(field, problem.Field);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, problem.Remedy, StringComparison.Ordinal);
        Assert.True(problem.Line > 0);
    }

    private static string Plan(string list) => $$"""
        name: test
        target: http://127.0.0.1:1
        load: { rate: 1/s, duration: 1s }
        http: { localAddresses: {{list}} }
        scenarios: [ { steps: [ { get: / } ] } ]
        """;
}
