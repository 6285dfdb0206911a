namespace Pressure.LoadGen.Tests;

public sealed class SocketStepTests
{
    [Fact]
    public void Connecting_and_exchanging_messages_are_requests_and_a_close_is_none()
    {
        var plan = Plans.Read(Steps("{ ws: /chat }", "{ send: hello }", "{ expect: { contains: hello, within: 2s } }", "{ expect: {} }", "{ send: bye }", "{ close: }"));

        Assert.Equal(["WS /chat", "SEND /chat", "EXPECT /chat", "SEND /chat (2)"], plan.Requests.Select(r => r.Name));
        Assert.Equal(["WS", "SEND", "EXPECT", "SEND"], plan.Requests.Select(r => r.Method));
        Assert.All(plan.Requests, r => Assert.Equal("ws://127.0.0.1:5080/chat", r.Url.AbsoluteUri));
        var together = Assert.IsType<SocketAction.Message>(plan.Requests[1].Socket);
        Assert.Equal((true, true, TimeSpan.FromSeconds(2)), (together.Send is not null, together.Expect is not null, plan.Requests[1].Timeout));
        Assert.IsType<Step.Close>(plan.Scenarios[0].Steps[^1]);
    }

    [Theory]
    [InlineData("/chat", "ws://127.0.0.1:5080/chat")]
    [InlineData("ws://other.test/a", "ws://other.test/a")]
    [InlineData("WSS://other.test:444/a?b=1", "wss://other.test:444/a?b=1")]
    public void A_websocket_is_a_path_or_a_url(string written, string url) =>
        Assert.Equal(url, Plans.Read(Steps($"{{ ws: '{written}' }}")).Requests[0].Url.AbsoluteUri);

    [Fact]
    public void A_target_may_be_written_as_that_of_a_websocket()
    {
        var plan = Plans.Read(Steps("{ ws: /chat }", "{ get: / }").Replace("http://127.0.0.1:5080", "wss://shop.test", StringComparison.Ordinal));

        Assert.Equal(["wss://shop.test/chat", "https://shop.test/"], plan.Requests.Select(r => r.Url.AbsoluteUri));
    }

    [Theory]
    [InlineData("127.0.0.1:7000", "tcp://127.0.0.1:7000/")]
    [InlineData("127.1:80", "tcp://127.0.0.1:80/")]
    [InlineData("'[::1]:7'", "tcp://[::1]:7/")]
    [InlineData("cache.test:443", "tcp://cache.test:443/")]
    public void A_tcp_connection_goes_to_host_and_port(string written, string url)
    {
        var request = Plans.Read(Steps($"{{ tcp: {written} }}")).Requests[0];

        Assert.Equal(url, request.Url.AbsoluteUri.TrimEnd('/') + "/");
    }

    [Theory]
    [InlineData("{ send: hello }", "scenarios[0].steps[0].send", "stands where no connection is open")]
    [InlineData("{ ws: /a }, { close: }, { expect: {} }", "scenarios[0].steps[2].expect", "stands where no connection is open")]
    [InlineData("{ ws: /a }, { tcp: 'h:1' }", "scenarios[0].steps[1].tcp", "is still open")]
    [InlineData("{ ws: 'http://h/' }", "scenarios[0].steps[0].ws", "is not a ws or wss URL")]
    [InlineData("{ ws: chat }", "scenarios[0].steps[0].ws", "is neither a path nor a whole URL")]
    [InlineData("{ tcp: somewhere }", "scenarios[0].steps[0].tcp", "has no port")]
    [InlineData("{ tcp: 'h:99999' }", "scenarios[0].steps[0].tcp", "is not a host with a port")]
    [InlineData("{ tcp: 'h/x:99' }", "scenarios[0].steps[0].tcp", "is not a host with a port")]
    [InlineData("{ ws: /a, body: x }", "scenarios[0].steps[0].body", "has nothing to do with ws")]
    [InlineData("{ ws: /a, send: x }", "scenarios[0].steps[0].send", "has nothing to do with ws")]
    [InlineData("{ ws: /a, extract: { a: { json: $.a } } }", "scenarios[0].steps[0].extract", "a handshake has none")]
    [InlineData("{ ws: /a, headers: { Sec-WebSocket-Key: x } }", "scenarios[0].steps[0].headers", "begins with Sec-WebSocket-")]
    [InlineData("{ ws: /a, subprotocol: 'a b' }", "scenarios[0].steps[0].subprotocol", "is not a token")]
    [InlineData("{ ws: /a }, { send: { text: a, hex: '00' } }", "scenarios[0].steps[1].send", "is not exactly one thing to send")]
    [InlineData("{ ws: /a }, { send: { hex: '0' } }", "scenarios[0].steps[1].send.hex", "is not pairs of hexadecimal digits")]
    [InlineData("{ ws: /a }, { send: { base64: '?' } }", "scenarios[0].steps[1].send.base64", "is not base64")]
    [InlineData("{ ws: /a }, { send: '{{nobody}}' }", "scenarios[0].steps[1].send", "nobody")]
    [InlineData("{ ws: /a }, { expect: { contains: '{{nobody}}' } }", "scenarios[0].steps[1].expect.contains", "nobody")]
    [InlineData("{ ws: /a }, { expect: { contains: a, hex: '00' } }", "scenarios[0].steps[1].expect.hex", "are given at once")]
    [InlineData("{ ws: /a }, { expect: { within: 11m } }", "scenarios[0].steps[1].expect.within", "is not from")]
    [InlineData("{ ws: /a }, { expect: { says: a } }", "scenarios[0].steps[1].expect.says", "unknown key")]
    [InlineData("{ ws: /a }, { send: a }, { expect: {}, name: b }", "scenarios[0].steps[2].name", "part of the send before it")]
    [InlineData("{ ws: /a }, { expect: {}, extract: { a: { header: b } } }", "scenarios[0].steps[1].extract", "a message has none")]
    [InlineData("{ ws: /a }, { close: 5 }", "scenarios[0].steps[1].close", "takes no value")]
    [InlineData("{ get: /a, subprotocol: b }", "scenarios[0].steps[0].subprotocol", "is for WebSockets")]
    public void What_makes_no_sense_is_told_with_its_place(string steps, string field, string message)
    {
        var problem = Plans.OnlyProblem(Steps(steps));

        Assert.Equal(field, problem.Field);
        Assert.Contains(message, problem.Message);
        Assert.NotEmpty(problem.Remedy);
    }

    private static string Steps(params string[] steps) =>
        $$"""
        name: test
        target: http://127.0.0.1:5080
        load: { rate: 10/s }
        scenarios: [ { steps: [ {{string.Join(", ", steps)}} ] } ]
        """;
}
