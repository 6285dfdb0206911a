using System.Text;
using static Pressure.TrafficCopy.Tests.Http2Talk;

namespace Pressure.TrafficCopy.Tests;

/// <summary>What curl and nginx do not do of their own accord, but others may.</summary>
public class Http2ConversationTests
{
    [Fact]
    public void Padding_of_fields_and_data_is_left_out()
    {
        var talk = new Http2Talk()
            .Frame(Side.Client, Headers, EndStream | EndHeaders | Padded, 1, [3, .. Request("/a"), 0, 0, 0])
            .Frame(Side.Server, Headers, EndHeaders | Padded, 1, [2, .. Response(), 0, 0])
            .Frame(Side.Server, Data, Padded, 1, [4, .. "hel"u8, 0, 0, 0, 0])
            .Frame(Side.Server, Data, EndStream | Padded, 1, [0, .. "lo"u8]);

        Assert.Equal(["GET /a > 200 hello"], talk.Told);
        Assert.Equal(5, talk.Heard.Exchanges[0].Response.BodyLength);
    }

    [Fact]
    public void Frames_may_be_cut_anywhere()
    {
        byte[] client = [.. Bytes(Headers, EndHeaders | Priority | Padded, 1, [1, 0, 0, 0, 0, 9, .. Request("/a", "POST"), 0]), .. Bytes(Data, EndStream | Padded, 1, [1, .. "ask"u8, 0])];
        byte[] server = [.. Bytes(Headers, EndHeaders, 1, Response()), .. Bytes(Data, Padded, 1, [2, .. "he"u8, 0, 0]), .. Bytes(Data, 0, 1, []), .. Bytes(Data, EndStream, 1, [.. "llo"u8])];
        var talk = new Http2Talk();
        foreach (var one in client)
            talk.Say(Side.Client, [one]);
        foreach (var one in server)
            talk.Say(Side.Server, [one]);

        Assert.Equal(["POST /a ask > 200 hello"], talk.Told);
    }

    [Fact]
    public void Priorities_are_passed_over()
    {
        var talk = new Http2Talk().Frame(Side.Client, Headers, EndStream | EndHeaders | Priority, 1, [0x80, 0, 0, 0, 15, .. Request("/a")]).Answer(1, "x");

        Assert.Equal(["GET /a > 200 x"], talk.Told);
    }

    [Fact]
    public void What_a_server_pushes_is_not_told_of_but_counts_for_the_fields_that_follow()
    {
        var talk = new Http2Talk().Get(1, "/a")
            .Frame(Side.Server, PushPromise, EndHeaders, 1, [0, 0, 0, 2, .. Request("/pushed"), .. Kept("x-kept", "yes")])
            .Frame(Side.Server, Headers, EndHeaders, 1, [.. Response(), 0xBE])
            .Frame(Side.Server, Headers, EndHeaders | EndStream, 2, Response())
            .Frame(Side.Server, Data, EndStream, 1, [.. "x"u8]);

        Assert.Equal(["GET /a > 200 x"], talk.Told);
        Assert.Equal("yes", Encoding.ASCII.GetString(new HttpHead(talk.Heard.Exchanges[0].Response.Head.Span).Find("x-kept"u8)));
    }

    [Fact]
    public void Fields_may_go_on_in_further_frames()
    {
        var request = Request("/a");
        var talk = new Http2Talk()
            .Frame(Side.Client, Headers, EndStream, 1, request[..5]).Frame(Side.Client, Continuation, 0, 1, request[5..20]).Frame(Side.Client, Continuation, EndHeaders, 1, request[20..])
            .Answer(1, "x");

        Assert.Equal(["GET /a > 200 x"], talk.Told);
    }

    [Fact]
    public void Between_fields_that_go_on_nothing_else_may_stand()
    {
        var request = Request("/a");
        var talk = new Http2Talk().Get(1, "/before").Answer(1, "x")
            .Frame(Side.Client, Headers, EndStream, 3, request[..5]).Frame(Side.Client, Headers, EndStream | EndHeaders, 5, request).Answer(5, "y").End();

        Assert.Equal(["GET /before > 200 x"], talk.Told);
        Assert.Equal((1, 1), (talk[Happening.Http2Undecodable], talk[Happening.ResponseWithoutRequest]));
    }

    [Fact]
    public void Fields_that_make_no_sense_make_all_that_follow_undecodable()
    {
        // The fields are nonsense, and would have been one that the next ones refer to.
        var talk = new Http2Talk().Get(1, "/before").Answer(1, "x")
            .Frame(Side.Client, Headers, EndStream | EndHeaders, 3, [.. Request("/a"), 0xFF])
            .Get(5, "/after").End();

        Assert.Equal(["GET /before > 200 x"], talk.Told);
        Assert.Equal(1, talk[Happening.Http2Undecodable]);
        Assert.True(talk[Happening.PassedOverBytes] > 0);
    }

    [Fact]
    public void An_interim_answer_is_not_the_answer()
    {
        var talk = new Http2Talk().Get(1, "/a").Frame(Side.Server, Headers, EndHeaders, 1, Response(103)).Answer(1, "x");

        Assert.Equal(["GET /a > 200 x"], talk.Told);
    }

    [Fact]
    public void Trailers_end_a_message_and_are_not_its_head()
    {
        var talk = new Http2Talk().Get(1, "/a")
            .Frame(Side.Server, Headers, EndHeaders, 1, Response()).Frame(Side.Server, Data, 0, 1, [.. "x"u8])
            .Frame(Side.Server, Headers, EndHeaders | EndStream, 1, Field("x-sum", "1"));

        Assert.Equal(["GET /a > 200 x"], talk.Told);
    }

    [Fact]
    public void Pieces_of_cookies_become_one_field()
    {
        var talk = new Http2Talk().Frame(Side.Client, Headers, EndStream | EndHeaders, 1, [.. Request("/a"), .. Field("cookie", "a=1"), .. Field("cookie", "b=2")]).Answer(1, "x");

        Assert.Equal("a=1; b=2", Encoding.ASCII.GetString(new HttpHead(talk.Heard.Exchanges[0].Request.Head.Span).Find("cookie"u8)));
    }

    [Fact]
    public void Missing_bytes_of_a_body_cost_that_body_alone()
    {
        var body = Bytes(Data, EndStream, 1, [.. "0123456789"u8]);
        var talk = new Http2Talk().Get(1, "/a").Frame(Side.Server, Headers, EndHeaders, 1, Response())
            .Say(Side.Server, body[..12]).Miss(Side.Server, 5).Say(Side.Server, body[17..])
            .Get(3, "/b").Answer(3, "y");

        Assert.Equal(["GET /a > 200 01289 [ResponseIncomplete]", "GET /b > 200 y"], talk.Told);
        Assert.Equal(10, talk.Heard.Exchanges[0].Response.BodyLength);
        Assert.Equal(0, talk[Happening.Http2Undecodable]);
    }

    [Fact]
    public void Missing_bytes_up_to_a_bodys_end_end_it()
    {
        var body = Bytes(Data, EndStream, 1, [.. "0123456789"u8]);
        var talk = new Http2Talk().Get(1, "/a").Frame(Side.Server, Headers, EndHeaders, 1, Response()).Say(Side.Server, body[..12]).Miss(Side.Server, 7).Get(3, "/b").Answer(3, "y");

        Assert.Equal(["GET /a > 200 012 [ResponseIncomplete]", "GET /b > 200 y"], talk.Told);
    }

    [Fact]
    public void With_more_missing_than_a_body_nothing_that_follows_is_believed()
    {
        var body = Bytes(Data, EndStream, 1, [.. "0123456789"u8]);
        var talk = new Http2Talk().Get(1, "/a").Get(3, "/b").Frame(Side.Server, Headers, EndHeaders, 1, Response())
            .Say(Side.Server, body[..12]).Miss(Side.Server, 8).Answer(3, "y").End();

        Assert.Equal(["GET /a > 200 012 [ResponseIncomplete]", "GET /b > -"], talk.Told.Select(t => t.Replace(", Last", "", StringComparison.Ordinal)));
        Assert.Equal(1, talk[Happening.Http2Undecodable]);
        Assert.True(talk[Happening.PassedOverBytes] > 0);
    }

    [Fact]
    public void A_stream_that_is_broken_off_is_told_of_as_far_as_it_went()
    {
        var talk = new Http2Talk()
            .Frame(Side.Client, Headers, EndHeaders, 1, Request("/a", "POST")).Frame(Side.Client, Data, 0, 1, [.. "half"u8])
            .Frame(Side.Server, Headers, EndHeaders, 1, Response(500)).Frame(Side.Server, Reset, 0, 1, 0, 0, 0, 2);

        Assert.Equal(["POST /a half > 500 [RequestIncomplete, ResponseIncomplete]"], talk.Told);
    }

    [Fact]
    public void What_comes_behind_a_streams_end_does_not_begin_another()
    {
        var talk = new Http2Talk().Get(1, "/a").Answer(1, "x").Get(3, "/b").Answer(3, "y").Frame(Side.Server, Headers, EndHeaders, 1, Response()).End();

        Assert.Equal(2, talk.Told.Length);
        Assert.Equal(0, talk[Happening.ResponseWithoutRequest]);
    }

    [Fact]
    public void Of_more_streams_than_are_kept_the_oldest_is_told_of_first()
    {
        var talk = new Http2Talk();
        for (var i = 0; i <= 1_000; i++)
            talk.Get((2 * i) + 1, $"/{i}");

        Assert.Equal(["GET /0 > -"], talk.Told);
    }

    [Fact]
    public void Behind_a_piece_of_a_body_that_found_no_room_nothing_is_joined_to_it()
    {
        var talk = new Http2Talk(new ConversationOptions { HeldPerConnection = 4_000 }).Get(1, "/a").Frame(Side.Server, Headers, EndHeaders, 1, Response())
            .Frame(Side.Server, Data, 0, 1, [.. "first"u8]).Frame(Side.Server, Data, 0, 1, new byte[8_000]).Frame(Side.Server, Data, EndStream, 1, [.. "last"u8]);

        Assert.Equal(["GET /a > 200 first [ResponseCut]"], talk.Told);
        Assert.Equal(8_009, talk.Heard.Exchanges[0].Response.BodyLength);
    }
}
