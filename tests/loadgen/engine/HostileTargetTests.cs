using System.Text;
using Pressure.Record;

namespace Pressure.LoadGen.Tests.Engine;

/// <summary>Targets that break off, drip, flood or contradict themselves, each in its phase: every one under its own error name, and no connection is left behind.</summary>
public abstract class HostileTargetTests(bool tls) : OverBoth(tls)
{
    // A handshake counts too, and may take seconds on a busy machine.
    private static readonly HttpOptions Impatient = EngineRun.Insecure with { ConnectTimeout = TimeSpan.FromSeconds(20), Timeout = TimeSpan.FromSeconds(5) };
    private static readonly HttpOptions Patient = EngineRun.Insecure with { Timeout = TimeSpan.FromSeconds(20) };

    [Fact(Timeout = 60_000)]
    public async Task A_reset_as_soon_as_the_connection_stands_is_told_by_how_far_the_request_got()
    {
        await using var server = Serving(c =>
        {
            c.Reset();
            return Task.CompletedTask;
        });

        var run = await EngineRun.Of(EngineRun.Plan(20, 1, EngineRun.Get(server.Url)) with { Http = Patient });

        // The reset may overtake the news that the connection stands, or the first bytes of the request, or come when they are out.
        Assert.All(run.Only.Errors(), e => Assert.Contains(e.Error, new[] { RequestError.ConnectFailed, RequestError.SendFailed, RequestError.ClosedBeforeResponse }));
        Assert.Equal(20, run.Only.Failed);
        AssertNoneLeft(run);
    }

    [Fact(Timeout = 60_000)]
    public Task A_reset_within_the_headers_is_truncated() => AssertAllFailWith(RequestError.ResponseTruncated, Patient, async c =>
    {
        await c.ReadRequestAsync();
        await c.WriteAsync("HTTP/1.1 200 OK\r\nContent-Le");
        // What nobody has read by then is gone with the reset.
        await c.DelayAsync(1);
        c.Reset();
    });

    [Fact(Timeout = 60_000)]
    public Task A_close_within_a_chunk_is_truncated() => AssertAllFailWith(RequestError.ResponseTruncated, Patient, async c =>
    {
        await c.ReadRequestAsync();
        await c.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nhalf of");
        await c.EndAsync();
    });

    [Fact(Timeout = 60_000)]
    public Task A_server_that_only_half_closes_without_an_answer_is_closed_before_response() => AssertAllFailWith(RequestError.ClosedBeforeResponse, Patient, async c =>
    {
        await c.ReadRequestAsync();
        c.EndSending();
        // It would still listen: whoever waited for more would wait until the timeout.
        while (await c.ReadRequestAsync() is not null)
        {
        }
    });

    [Fact(Timeout = 60_000)]
    public async Task A_half_closed_connection_is_not_used_again()
    {
        await using var server = Serving(async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync(RawServer.Ok);
            c.EndSending();
            while (await c.ReadRequestAsync() is not null)
            {
            }
        });

        var run = await EngineRun.Of(EngineRun.Plan(20, 1, EngineRun.Get(server.Url)) with { Http = Patient with { MaxConnections = 1 } }, lanes: 1);

        Assert.Equal((20, 0), (run.Only.Ok, run.Only.Failed));
        Assert.Equal(20, server.Connections);
    }

    [Fact(Timeout = 60_000)]
    public Task What_drips_for_ever_is_response_timeout_in_every_phase() => Task.WhenAll(
        AssertDripsTimeOut(""),
        AssertDripsTimeOut("HTTP/1.1 200 OK\r\n"),
        AssertDripsTimeOut("HTTP/1.1 200 OK\r\n\r\n"),
        AssertDripsTimeOut("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\n"));

    private Task AssertDripsTimeOut(string begin) => AssertAllFailWith(RequestError.ResponseTimeout, Impatient, async c =>
    {
        await c.ReadRequestAsync();
        await c.WriteAsync(begin);
        var drops = begin.Length == 0 ? "HTTP/1.1 200 OK and many words more than anybody would wait for" : "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
        foreach (var drop in drops)
        {
            await c.WriteAsync(drop.ToString());
            await c.DelayAsync(0.3);
        }
    }, silence: 6);

    [Theory(Timeout = 60_000)]
    [InlineData("HTTP/1.1 200 OK\r\nX-Long: ", "")]
    [InlineData("HTTP/1.1 200 OK\r\nX-Long: y\r\n", "\r\nX-More: y")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "\r\nX-Trailer: y")]
    public Task Ten_megabytes_of_headers_are_too_large_and_not_kept(string begin, string each) => AssertAllFailWith(RequestError.HeadersTooLarge, Patient, async c =>
    {
        await c.ReadRequestAsync();
        await c.WriteAsync(begin + each.TrimStart('\r', '\n'));
        var fill = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat($"yyyyyyyyyyyyyyyy{each}", 4_000)));
        for (var sent = 0; sent < 10_000_000; sent += fill.Length)
            await c.WriteAsync(fill);
    });

    [Theory(Timeout = 60_000)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8000000000000000\r\nx")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nx")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nokay\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775808\r\n\r\nok")]
    [InlineData("\0\0\0\0")]
    public Task A_response_whose_length_makes_no_sense_is_malformed(string response) => AssertAllFailWith(RequestError.MalformedResponse, Patient, async c =>
    {
        await c.ReadRequestAsync();
        await c.WriteAsync(response);
        await c.DelayAsync(30);
    });

    [Fact(Timeout = 60_000)]
    public async Task Of_two_lengths_that_contradict_each_other_the_chunks_count_and_the_connection_is_not_trusted_again()
    {
        // Whoever believed the 5 would take what follows for the beginning of the next response.
        await using var server = Answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n");

        var run = await EngineRun.Of(EngineRun.Plan(20, 1, EngineRun.Get(server.Url) with { Checks = [new Check.BodyMatches(new("^ok$"))] }) with { Http = Patient });

        Assert.Equal(20, run.Only.Ok);
        Assert.Equal(20, server.Connections);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_answer_that_comes_while_the_request_is_still_being_sent_counts()
    {
        await using var server = Serving(async c =>
        {
            await c.WriteAsync("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            await c.EndAsync();
            await c.DelayAsync(0.3);
        });
        var post = EngineRun.Get(server.Url) with { Method = "POST", Body = new byte[16 * 1024 * 1024] };

        var run = await EngineRun.Of(EngineRun.Plan(4, 1, post) with { Http = Patient });

        Assert.Equal(4, run.Only.StatusCount(413));
        Assert.Equal([(RequestError.CheckFailed, 4L)], run.Only.Errors());
    }

    private async Task AssertAllFailWith(RequestError error, HttpOptions options, Func<RawConnection, Task> serve, double silence = 1)
    {
        await using var server = Serving(serve);

        var run = await EngineRun.Of(EngineRun.ThenSilence(EngineRun.Plan(20, 1, EngineRun.Get(server.Url)) with { Http = options }, silence));

        Assert.Equal([(error, 20L)], run.Only.Errors());
        AssertNoneLeft(run);
    }

    // Where every request has failed no connection is worth keeping: those that are open carry a request.
    private static void AssertNoneLeft(EngineRun run) => Assert.All(run.Seconds, s => Assert.Equal(s.Interval.InFlight, s.Interval.OpenConnections));
}

public sealed class PlainHostileTargetTests() : HostileTargetTests(tls: false);

public sealed class TlsHostileTargetTests() : HostileTargetTests(tls: true);
