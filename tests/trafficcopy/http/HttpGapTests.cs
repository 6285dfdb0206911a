namespace Pressure.TrafficCopy.Tests;

public sealed class HttpGapTests
{
    private static string Get(string path) => $"GET {path} HTTP/1.1\r\nHost: h\r\n\r\n";

    private static string Ok(string body) => $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    [Fact]
    public void A_gap_within_a_body_of_known_length_does_not_lose_what_follows()
    {
        var text = new HttpText().Client(Get("/a") + Get("/b")).Server("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n012").Miss(Side.Server, 4).Server("789" + Ok("b"));
        Assert.Equal(["GET /a > 200 012 [ResponseIncomplete]", "GET /b > 200 b"], text.Told);
        Assert.Equal(10, text.Exchanges[0].Response.BodyLength);
        Assert.Equal(0, text.Accounts[Happening.SkippedBytes]);
    }

    [Fact]
    public void A_gap_up_to_a_bodys_end_does_not_lose_what_follows()
    {
        var text = new HttpText().Client("POST /a HTTP/1.1\r\nContent-Length: 4\r\n\r\n0").Miss(Side.Client, 3).Client(Get("/b")).Server(Ok("a") + Ok("b"));
        Assert.Equal(["POST /a 0 > 200 a [RequestIncomplete]", "GET /b > 200 b"], text.Told);
    }

    [Fact]
    public void A_gap_beyond_a_bodys_end_may_hide_a_whole_response()
    {
        var text = new HttpText().Client(Get("/a") + Get("/b") + Get("/c")).Server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab").Miss(Side.Server, 3 + Ok("b").Length).Server(Ok("c")).End();
        Assert.Equal("GET /a > 200 ab [ResponseIncomplete]", text.Told[0]);
        Assert.DoesNotContain(text.Told, told => told.StartsWith("GET /b > 200", StringComparison.Ordinal));
    }

    [Fact]
    public void A_client_that_asks_again_before_an_answer_is_over_gets_no_pairs_after_a_gap()
    {
        var text = new HttpText().Client(Get("/a")).Server("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab").Client(Get("/b")).Server("cd").Client(Get("/c")).Miss(Side.Server, 50).Server(Ok("x")).Client(Get("/d")).End();
        Assert.Equal("GET /a > 200 abcd", text.Told[0]);
        Assert.DoesNotContain(text.Told, told => told.StartsWith("GET /c > 200", StringComparison.Ordinal));
    }

    [Fact]
    public void A_gap_within_what_may_be_no_body_does_not_swallow_what_follows()
    {
        var text = new HttpText(sawSyn: false).Server("HTTP/1.1 200 OK\r\nContent-Length: 70\r\n\r\n").Miss(Side.Server, 10).Client(Get("/b")).Server("xyz" + Ok("b")).End();
        Assert.Contains("GET /b > 200 b [JoinedLate]", text.Told);
    }

    [Fact]
    public void A_gap_within_a_chunk_does_not_lose_what_follows()
    {
        var text = new HttpText().Client(Get("/a") + Get("/b")).Server("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n0").Miss(Side.Server, 5)
            .Server("\r\n2\r\n67\r\n0\r\n\r\n" + Ok("b"));
        Assert.Equal(["GET /a > 200 0 [ResponseIncomplete]", "GET /b > 200 b"], text.Told);
        Assert.Equal(8, text.Exchanges[0].Response.BodyLength);
    }

    [Fact]
    public void A_gap_within_a_body_until_the_end_leaves_it_incomplete()
    {
        var text = new HttpText().Client(Get("/a")).Server("HTTP/1.0 200 OK\r\n\r\nabc").Miss(Side.Server, 5).Server("xyz").Finish(Side.Server);
        Assert.Equal(["GET /a > 200 abc [ResponseIncomplete]"], text.Told);
        Assert.Equal(11, text.Exchanges[0].Response.BodyLength);
    }

    [Fact]
    public void Whole_exchanges_in_a_gap_of_both_sides_are_missing_and_the_others_are_paired_rightly()
    {
        var text = new HttpText().Client(Get("/a")).Server(Ok("a")).Miss(Side.Client, 50).Miss(Side.Server, 50).Client(Get("/c")).Server(Ok("c")).Client(Get("/d"))
            .Server(Ok("d")).End();
        Assert.Equal(["GET /a > 200 a", "GET /c > 200 c", "GET /d > 200 d"], text.Told);
        Assert.Equal(0, text.Accounts[Happening.Resynchronised]);
    }

    [Fact]
    public void The_response_to_a_request_in_a_gap_is_given_to_nobody_else()
    {
        var text = new HttpText().Client(Get("/a")).Server(Ok("a")).Miss(Side.Client, 50).Server(Ok("b")).Client(Get("/c")).Server(Ok("c")).Client(Get("/d")).Server(Ok("d"));
        Assert.Equal(["GET /a > 200 a", " > 200 b [RequestIncomplete]", "GET /c > 200 c", "GET /d > 200 d"], text.Told);
        Assert.Equal(1, text.Accounts[Happening.ResponseWithoutRequest]);
    }

    [Fact]
    public void A_gap_after_a_request_leaves_that_request_its_response()
    {
        var text = new HttpText().Client(Get("/a")).Miss(Side.Client, 50).Server(Ok("a")).Server(Ok("b")).Client(Get("/c")).Server(Ok("c")).End();
        Assert.Equal(["GET /a > 200 a", " > 200 b [RequestIncomplete]", "GET /c > 200 c"], text.Told);
    }

    [Fact]
    public void A_request_whose_response_is_in_a_gap_takes_nobody_elses()
    {
        var text = new HttpText().Client(Get("/a")).Miss(Side.Server, 50).Client(Get("/b")).Server(Ok("b")).Client(Get("/c")).Server(Ok("c")).End();
        Assert.Equal(["GET /a > - [ResponseIncomplete]", "GET /b > 200 b", "GET /c > 200 c"], text.Told);
    }

    [Fact]
    public void After_a_gap_of_responses_times_tell_even_when_requests_become_known_later()
    {
        // The second request was captured first, but what stood before it was missing until the end.
        var text = new HttpText().Client(Get("/a")).Miss(Side.Server, 50);
        text.Take(Side.Server, HttpText.Bytes(Ok("b")), 2_000);
        text.Take(Side.Client, HttpText.Bytes(Get("/b")), 1_900);
        Assert.Empty(text.Exchanges);
        text.Finish(Side.Client);
        Assert.Equal(["GET /a > - [ResponseIncomplete]", "GET /b > 200 b"], text.Told);
    }

    [Fact]
    public void A_client_that_pipelines_gets_no_pairs_after_a_gap()
    {
        var text = new HttpText().Client(Get("/a") + Get("/b")).Server(Ok("a")).Server(Ok("b")).Miss(Side.Client, 50).Client(Get("/d") + Get("/e")).Server(Ok("c"))
            .Server(Ok("d")).Server(Ok("e")).End();
        Assert.Equal(
            ["GET /a > 200 a", "GET /b > 200 b", "GET /d > - [ResponseIncomplete]", "GET /e > - [ResponseIncomplete]", " > 200 c [RequestIncomplete]",
                " > 200 d [RequestIncomplete]", " > 200 e [RequestIncomplete]"],
            text.Told);
    }

    [Fact]
    public void What_follows_a_gap_is_passed_over_up_to_the_next_message_and_never_spliced()
    {
        var text = new HttpText().Client("GET /a HTTP/1.1\r\nHost: h\r\nX: 1").Miss(Side.Client, 5).Client("tail of a head\r\n\r\n").Server(Ok("a")).Client(Get("/b")).Server(Ok("b"))
            .Client(Get("/c")).Server(Ok("c")).End();
        Assert.Equal("GET /a HTTP/1.1\r\nHost: h\r\n", HttpText.Text(text.Exchanges[0].Request.Head));
        Assert.Equal(["GET /a > 200 a [RequestIncomplete]", "GET /b > 200 b", "GET /c > 200 c"], text.Told);
        Assert.Equal(1, text.Accounts[Happening.Resynchronised]);
        Assert.Equal("tail of a head\r\n\r\n".Length, text.Accounts[Happening.SkippedBytes]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(1000)]
    public void The_next_message_is_found_wherever_bytes_are_cut(int size)
    {
        const string Rubbish = "\"}GET / HTTP/1.1 is no line\r\nPOST HTTP/1.1\r\n<html>HTTP/1.1 20";
        var text = new HttpText().Client(Get("/a")).Server(Ok("a")).Miss(Side.Client, 9).Miss(Side.Server, 9);
        foreach (var piece in (Rubbish + "</html>").Chunk(size))
            text.Server(new string(piece));
        foreach (var piece in (Rubbish + "{\"a\":1}DELETE /b?c=d HTTP/1.1\r\nHost: h\r\n\r\n").Chunk(size))
            text.Client(new string(piece));
        foreach (var piece in Ok("b").Chunk(size))
            text.Server(new string(piece));
        text.Client(Get("/c")).Server(Ok("c")).End();
        // Nobody knows whether this client waited for the response to what came before.
        Assert.Equal(["GET /a > 200 a", "DELETE /b?c=d > - [ResponseIncomplete]", " > 200 b [RequestIncomplete]"], text.Told[..3]);
        Assert.Equal(2, text.Accounts[Happening.Resynchronised]);
        Assert.Equal(2 * Rubbish.Length + 14, text.Accounts[Happening.SkippedBytes]);
        Assert.Equal(0, text.Held);
    }

    [Fact]
    public void A_connection_joined_late_is_read_from_the_next_message_on()
    {
        var text = new HttpText(sawSyn: false).Server("rest of a response").Server("more of it").Client(Get("/b")).Server(Ok("b")).Client(Get("/c")).Server(Ok("c")).End();
        Assert.Equal(["GET /b > 200 b [JoinedLate]", "GET /c > 200 c [JoinedLate]"], text.Told);
        Assert.Equal(28, text.Accounts[Happening.SkippedBytes]);
    }

    [Fact]
    public void A_connection_joined_late_gives_the_response_of_an_unseen_request_to_nobody()
    {
        var text = new HttpText(sawSyn: false).Server(Ok("a")).Client(Get("/b")).Server(Ok("b")).End();
        Assert.Equal([" > 200 a [RequestIncomplete, JoinedLate]", "GET /b > 200 b [JoinedLate]"], text.Told);
    }

    [Fact]
    public void The_response_to_an_unseen_HEAD_has_no_body()
    {
        var text = new HttpText(sawSyn: false).Server("HTTP/1.1 200 OK\r\nContent-Length: 70\r\n\r\n").Server(Ok("b")).Client(Get("/c")).Server(Ok("c")).End();
        Assert.Equal([" > 200 [RequestIncomplete, JoinedLate]", " > 200 b [RequestIncomplete, JoinedLate]", "GET /c > 200 c [JoinedLate]"], text.Told);
    }

    [Fact]
    public void Sides_that_were_guessed_wrongly_are_swapped()
    {
        var text = new HttpText(sawSyn: false).Server(Get("/a")).Client(Ok("a")).Server(Get("/b")).Client(Ok("b")).Finish(Side.Client).Finish(Side.Server).End();
        Assert.Equal(["GET /a > 200 a [JoinedLate]", "GET /b > 200 b [JoinedLate]"], text.Told);
        Assert.Equal((80, 1111), (text.Exchanges[0].Client.Port, text.Exchanges[0].Server.Port));
    }

    [Fact]
    public void A_connection_whose_first_bytes_are_missing_counts_as_joined_late()
    {
        var text = new HttpText().Miss(Side.Client, 100).Client("rest\r\n\r\n").Server(Ok("a")).Client(Get("/b")).Server(Ok("b")).Client(Get("/c")).Server(Ok("c")).End();
        Assert.Equal([" > 200 a [RequestIncomplete, JoinedLate]", "GET /b > 200 b [JoinedLate]", "GET /c > 200 c [JoinedLate]"], text.Told);
    }

    [Fact]
    public void A_client_whose_server_was_not_captured_does_not_wait_for_ever()
    {
        var text = new HttpText().Client(Get("/a")).Pass(6_000_000_000).Client(Get("/b"));
        Assert.Equal(["GET /a > - [ResponseIncomplete]"], text.Told);
        for (var i = 0; i < 1000; i++)
            text.Client(Get("/c"));
        Assert.InRange(text.Exchanges.Count, 1002 - 256, 1002);
        text.End();
        Assert.Equal(1002, text.Exchanges.Count);
        Assert.Equal(1002, text.Accounts[Happening.Unanswered]);
    }

    [Fact]
    public void A_head_without_room_is_left_out_once()
    {
        var long1 = $"GET /long HTTP/1.1\r\nX: {new string('x', 3_000)}";
        var text = new HttpText(new ConversationOptions { HeldPerConnection = 2_000 }).Client(long1).Client(long1 + "\r\n\r\n").Client(Get("/b")).End();
        Assert.Equal(["GET /b > - [ResponseIncomplete, Last]"], text.Told);
        Assert.Equal(long1.Length * 2 + 4, text.Accounts[Happening.SkippedBytes]);
    }

    [Fact]
    public void A_head_that_is_too_long_is_left_out()
    {
        var head = $"GET /long HTTP/1.1\r\nX: {new string('x', 3_000)}\r\n\r\n";
        foreach (var size in new[] { 100, 10_000 })
        {
            var text = new HttpText(new ConversationOptions { HeadLimit = 2_000 });
            foreach (var piece in (head + Get("/b")).Chunk(size))
                text.Client(new string(piece));
            Assert.Equal("GET /b > - [ResponseIncomplete, Last]", text.End().Told[^1]);
        }
    }

    [Fact]
    public void Bodies_are_cut_to_the_limit_and_counted_whole()
    {
        var text = new HttpText(new ConversationOptions { BodyLimit = 4 }).Client("POST /a HTTP/1.1\r\nContent-Length: 6\r\n\r\n012345").Server(Ok("0")).Client(Get("/b"))
            .Server("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n012\r\n3\r\n345\r\n0\r\n\r\n");
        Assert.Equal(["POST /a 0123 > 200 0 [RequestCut]", "GET /b > 200 0123 [ResponseCut]"], text.Told);
        Assert.Equal((6, 6), (text.Exchanges[0].Request.BodyLength, text.Exchanges[1].Response.BodyLength));
    }

    [Theory]
    [InlineData(KeptBodies.None, "POST /a > 200 [RequestCut, ResponseCut]")]
    [InlineData(KeptBodies.Requests, "POST /a x > 200 [ResponseCut]")]
    [InlineData(KeptBodies.All, "POST /a x > 200 y")]
    public void Bodies_nobody_wants_are_not_kept(KeptBodies bodies, string told)
    {
        var text = new HttpText(new ConversationOptions { Bodies = bodies }).Client("POST /a HTTP/1.1\r\nContent-Length: 1\r\n\r\nx").Server(Ok("y"));
        Assert.Equal([told], text.Told);
        Assert.Equal((1, 1), (text.Exchanges[0].Request.BodyLength, text.Exchanges[0].Response.BodyLength));
    }

    [Fact]
    public void Responses_that_wait_for_their_requests_wait_within_bounds()
    {
        var text = new HttpText(new ConversationOptions { HeldPerConnection = 10_000 });
        for (var i = 0; i < 1_000; i++)
            text.Server(Ok(new string('x', 100)));
        Assert.InRange(text.Held, 0, 10_000);
        Assert.True(text.Accounts[Happening.ResponseWithoutRequest] > 900);
        // Their requests, if they come after all, do not get the next ones.
        text.Client(Get("/a")).Server(Ok("a")).End();
        Assert.Equal("GET /a > 200 a", text.Told[^1].Replace(" [Last]", ""));
        Assert.Equal(0, text.Held);
    }

    [Fact]
    public void A_server_whose_client_was_not_captured_is_kept_as_responses()
    {
        var text = new HttpText().Server(Ok("a")).Server(Ok("b")).End();
        Assert.Equal([" > 200 a [RequestIncomplete]", " > 200 b [RequestIncomplete]"], text.Told);
        Assert.Equal(2, text.Accounts[Happening.ResponseWithoutRequest]);
    }
}
