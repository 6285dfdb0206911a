using System.Net;
using System.Net.Sockets;
using System.Text;
using Pressure.TestKit;

namespace Pressure.Cluster.Tests.Bus;

[Collection(nameof(RabbitCollection))]
public sealed class BrokerConnectingTests(SharedRabbit rabbit)
{
    private const string Password = "pass%2Fword%401";

    private readonly CancellationToken _limit = new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    private int Plain => rabbit.Server.Port;

    private int Tls => rabbit.Server.TlsPort;

    [Fact]
    public async Task A_wrong_password_is_told_at_once_and_not_shown()
    {
        var told = await FailAsync($"amqp://pressure:mistaken@127.0.0.1:{Plain}");
        Assert.Contains("refuses user pressure", told);
        Assert.DoesNotContain("mistaken", told);
    }

    [Fact]
    public async Task An_unknown_user_is_told_as_a_wrong_password_is() => Assert.Contains("refuses user nobody", await FailAsync($"amqp://nobody:x@127.0.0.1:{Plain}"));

    [Fact]
    public async Task A_virtual_host_that_is_not_there_is_named() => Assert.Contains("virtual host nowhere", await FailAsync($"amqp://pressure:{Password}@127.0.0.1:{Plain}/nowhere"));

    [Fact]
    public async Task A_user_who_may_make_nothing_is_told_what_to_grant()
    {
        await rabbit.Server.ControlAsync("add_user", "poor", "poor");
        await rabbit.Server.ControlAsync("set_permissions", "poor", "^$", "^$", "^$");
        Assert.Contains("set_permissions", await FailAsync($"amqp://poor:poor@127.0.0.1:{Plain}"));
    }

    [Fact]
    public async Task A_broker_that_is_not_there_can_not_be_reached() => Assert.Contains("can't be reached", await FailAsync($"amqp://127.0.0.1:{ServerProcess.FreePort()}"));

    [Fact]
    public async Task A_host_that_nobody_knows_is_named() => Assert.Contains("There is no host nowhere.invalid", await FailAsync("amqp://nowhere.invalid"));

    [Fact]
    public async Task TLS_where_none_is_expected_is_told() => Assert.Contains("speaks TLS", await FailAsync($"amqp://127.0.0.1:{Tls}"));

    [Fact]
    public async Task A_broker_without_TLS_where_some_is_expected_is_told() => Assert.Contains("without TLS", await FailAsync($"amqps://127.0.0.1:{Plain}"));

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", "is a web server")]
    [InlineData("220 mail.example ESMTP\r\n", "no RabbitMQ")]
    [InlineData("AMQP\u0003\u0001\u0000\u0000", "no RabbitMQ")]
    [InlineData("", "does not answer as it should")]
    public async Task Something_else_is_told_from_a_broker(string says, string expected)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = AnswerAsync(listener, says);
        Assert.Contains(expected, await FailAsync($"amqp://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"));
        listener.Stop();
        await answering;
    }

    [Fact]
    public async Task Over_TLS_the_broker_is_known_by_its_authority_and_its_name()
    {
        await using var bus = await RabbitBus.ConnectAsync(Over($"cacertfile={rabbit.Certificates.Authority}&server_name_indication=broker.example"), "test", rabbit.Own(), stop: _limit);
        await using var box = await bus.OpenAsync("a", 1, _limit);
        await bus.SendAsync("a", new BusMessage("x", new byte[100_000]), _limit);
        await foreach (var delivery in box.ReadAsync(_limit))
        {
            Assert.Equal(100_000, delivery.Message.Body.Length);
            break;
        }
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_refused() =>
        Assert.Contains("is not for 127.0.0.1", await FailAsync(Over($"cacertfile={rabbit.Certificates.Authority}")));

    [Fact]
    public async Task A_certificate_of_an_unknown_authority_is_refused() =>
        Assert.Contains("no authority that is trusted here", await FailAsync(Over("server_name_indication=broker.example")));

    [Fact]
    public async Task A_certificate_of_another_authority_is_refused()
    {
        using var others = new BrokerCertificates();
        Assert.Contains("no authority that is trusted here", await FailAsync(Over($"cacertfile={others.Authority}&server_name_indication=broker.example")));
    }

    [Fact]
    public async Task A_client_may_show_a_certificate_and_a_wrong_one_is_told()
    {
        var (certificate, key) = rabbit.Certificates.Sign("worker", withLoopback: false, "worker");
        var trusted = $"cacertfile={rabbit.Certificates.Authority}&server_name_indication=broker.example";
        await using (await RabbitBus.ConnectAsync(Over($"{trusted}&certfile={certificate}&keyfile={key}"), "test", rabbit.Own(), stop: _limit))
        {
        }
        using var others = new BrokerCertificates();
        var (foreign, foreignKey) = others.Sign("worker", withLoopback: false, "worker");
        Assert.Contains("TLS with the broker", await FailAsync(Over($"{trusted}&certfile={foreign}&keyfile={foreignKey}")));
    }

    [Fact]
    public async Task Files_that_are_no_certificates_are_named()
    {
        var nonsense = rabbit.Certificates.Write("nonsense.pem", "nonsense");
        Assert.Contains("nonsense.pem", await FailAsync(Over($"cacertfile={nonsense}")));
        Assert.Contains("nonsense.pem", await FailAsync(Over($"certfile={nonsense}")));
        Assert.Contains("missing.pem", await FailAsync(Over("cacertfile=/nowhere/missing.pem")));
    }

    [Fact]
    public async Task Of_several_nodes_the_first_that_answers_is_taken()
    {
        var text = $"amqp://pressure:{Password}@127.0.0.1:{ServerProcess.FreePort()},127.0.0.1:{Plain}";
        await using var bus = await RabbitBus.ConnectAsync(BrokerAddress.Parse(text).Address!, "test", rabbit.Own(), stop: _limit);
        Assert.True(bus.IsConnected);
    }

    [Fact]
    public async Task An_attempt_can_be_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var options = rabbit.Own() with { StartLimit = TimeSpan.FromHours(1) };
        var connecting = RabbitBus.ConnectAsync(BrokerAddress.Parse($"amqp://127.0.0.1:{ServerProcess.FreePort()}").Address!, "test", options, stop: stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
    }

    private BrokerAddress Over(string options) => BrokerAddress.Parse($"amqps://pressure:{Password}@127.0.0.1:{Tls}?{options}").Address!;

    private Task<string> FailAsync(string address) => FailAsync(BrokerAddress.Parse(address).Address!);

    private async Task<string> FailAsync(BrokerAddress address)
    {
        var failure = await Assert.ThrowsAsync<BusException>(() => RabbitBus.ConnectAsync(address, "test", rabbit.Own(), stop: _limit));
        Assert.DoesNotContain("pass/word@1", failure.ToString());
        Assert.EndsWith(".", failure.Message.TrimEnd(')'));
        return failure.Message;
    }

    private static async Task AnswerAsync(TcpListener listener, string says)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                await client.GetStream().ReadAtLeastAsync(new byte[8], 8, throwOnEndOfStream: false);
                await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(says));
            }
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException or IOException)
        {
            // The test is over.
        }
    }
}
