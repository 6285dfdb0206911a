using System.Text;
using Pressure.TestKit;
using Pressure.TrafficCopy;

namespace Pressure.Cluster.Tests;

public sealed class ReferenceServerTests
{
    private static readonly Uri Target = new("http://candidate.example:5080/api/");

    [Fact]
    public async Task A_request_goes_to_it_as_it_went_to_the_target_but_under_its_own_name_and_path()
    {
        await using var receiver = new HttpReceiver { Body = "hello"u8.ToArray(), Answer = (_, _) => Task.FromResult(203) };
        using var server = new ReferenceServer(new Uri(receiver.Url, "/old/"), Target, insecure: false);

        var answer = await Ask(server, "POST /api/item/a%2Fb?q=%C3%A9 HTTP/1.1\r\nHost: candidate.example:5080\r\nX-Trace: 1\r\nCookie: a=b\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi");

        var request = Assert.Single(receiver.Requests);
        Assert.Equal("/old/item/a%2Fb?q=%C3%A9", request.Path);
        Assert.Equal("hi", Encoding.UTF8.GetString(request.Body));
        Assert.Equal((receiver.Url.Authority, "1", "a=b", "text/plain"), (request.Headers["Host"], request.Headers["X-Trace"], request.Headers["Cookie"], request.Headers["Content-Type"]));
        Assert.Equal((203, "hello", 5), (new HttpHead(answer!.Value.Head.Span).Status, Encoding.UTF8.GetString(answer.Value.Body.Span), answer.Value.BodyLength));
    }

    [Fact]
    public async Task A_host_that_was_written_on_purpose_stays()
    {
        await using var receiver = new HttpReceiver();
        using var server = new ReferenceServer(receiver.Url, new("http://127.0.0.1/"), insecure: false);

        await Ask(server, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");

        // The receiver knows itself by its address only: it refuses, and is not reached under the name.
        Assert.DoesNotContain(receiver.Requests, r => r.Headers["Host"] == receiver.Url.Authority);
    }

    [Fact]
    public async Task Of_a_long_answer_the_beginning_is_kept_and_the_rest_counted()
    {
        await using var receiver = new HttpReceiver { Body = new byte[1 << 20], Answer = (_, _) => Task.FromResult(200) };
        using var server = new ReferenceServer(receiver.Url, Target, insecure: false);

        var answer = await Ask(server, "GET /api/ HTTP/1.1\r\nHost: x\r\n\r\n".Replace("Host: x", "Host: candidate.example:5080", StringComparison.Ordinal));

        Assert.Equal((256 << 10, 1 << 20), (answer!.Value.Body.Length, (int)answer.Value.BodyLength));
    }

    [Fact]
    public async Task Without_a_whole_answer_there_is_none()
    {
        using var server = new ReferenceServer(new($"http://127.0.0.1:{ServerProcess.FreePort()}/"), Target, insecure: false);

        Assert.Null(await Ask(server, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
        Assert.Null(await server.AskAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), new CancellationToken(canceled: true)));
    }

    private static Task<CapturedMessage?> Ask(ReferenceServer server, string request) => server.AskAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
}
