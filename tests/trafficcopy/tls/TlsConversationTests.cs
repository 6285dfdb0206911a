using System.Text;

namespace Pressure.TrafficCopy.Tests;

/// <summary>What curl and nginx do not do of their own accord, but others may; and what must not be believed.</summary>
public class TlsConversationTests
{
    private const string Request = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n", Response = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    private const string Asked = "GET /a > 200 hello";

    [Fact]
    public void What_is_within_is_told() =>
        Assert.Equal([Asked], TlsTalk.Begun().Say(Side.Client, Request).Say(Side.Server, Response).Told);

    [Fact]
    public void Zeros_behind_what_is_within_are_left_out()
    {
        var talk = TlsTalk.Begun().Say(Side.Client, TlsTalk.Data, Encoding.ASCII.GetBytes(Request), padding: 100).Say(Side.Server, TlsTalk.Data, [], padding: 50).Say(Side.Server, Response);

        Assert.Equal([Asked], talk.Told);
    }

    [Fact]
    public void Keys_may_be_changed_at_any_time()
    {
        var talk = TlsTalk.Begun().Say(Side.Client, Request).UpdateKeys(Side.Server).Say(Side.Server, Response)
            .UpdateKeys(Side.Client).UpdateKeys(Side.Client).Say(Side.Client, Request).UpdateKeys(Side.Server).Say(Side.Server, Response);

        Assert.Equal([Asked, Asked], talk.Told);
        Assert.Equal(0, talk[Happening.TlsUndecryptable]);
    }

    [Fact]
    public void A_handshake_knows_nothing_of_where_records_end()
    {
        var talk = new TlsTalk();
        byte[] certificate = [.. TlsTalk.Message(8, new byte[10]), .. TlsTalk.Message(11, new byte[3_000]), .. TlsTalk.Finished];
        talk.Say(Side.Client, talk.ClientHello).Say(Side.Server, TlsTalk.ServerHello);
        for (var at = 0; at < certificate.Length; at += 700)
            talk.Say(Side.Server, TlsTalk.Handshake, certificate[at..Math.Min(certificate.Length, at + 700)]);
        talk.Traffic(Side.Server).Say(Side.Client, TlsTalk.Handshake, TlsTalk.Finished).Traffic(Side.Client).Say(Side.Client, Request).Say(Side.Server, Response);

        Assert.Equal([Asked], talk.Told);
    }

    [Fact]
    public void Records_may_be_cut_anywhere()
    {
        var talk = TlsTalk.Begun();
        var (request, response) = (talk.Seal(Side.Client, TlsTalk.Data, Encoding.ASCII.GetBytes(Request)), talk.Seal(Side.Server, TlsTalk.Data, Encoding.ASCII.GetBytes(Response)));
        foreach (var one in request)
            talk.Say(Side.Client, [one]);
        foreach (var one in response)
            talk.Say(Side.Server, [one]);

        Assert.Equal([Asked], talk.Told);
    }

    [Fact]
    public void A_server_that_was_captured_before_its_client_waits_for_it()
    {
        var talk = new TlsTalk();
        talk.Say(Side.Server, TlsTalk.ServerHello).Say(Side.Server, TlsTalk.Handshake, TlsTalk.Finished).Traffic(Side.Server);
        talk.Say(Side.Client, talk.ClientHello).Say(Side.Client, TlsTalk.Handshake, TlsTalk.Finished).Traffic(Side.Client).Say(Side.Client, Request).Say(Side.Server, Response);

        Assert.Equal([Asked], talk.Told);
    }

    [Fact]
    public void What_a_client_sends_ahead_of_its_handshake_is_passed_over()
    {
        var talk = new TlsTalk();
        talk.Say(Side.Client, talk.ClientHello).Say(Side.Client, TlsTalk.Record(TlsTalk.Data, new byte[60])).Say(Side.Server, TlsTalk.ServerHello)
            .Say(Side.Server, TlsTalk.Handshake, TlsTalk.Finished).Traffic(Side.Server).Say(Side.Client, TlsTalk.Handshake, TlsTalk.Finished).Traffic(Side.Client)
            .Say(Side.Client, Request).Say(Side.Server, Response);

        Assert.Equal([Asked], talk.Told);
        Assert.Equal((60, 0), (talk[Happening.PassedOverBytes], talk[Happening.TlsUndecryptable]));
    }

    [Fact]
    public void A_side_that_lost_bytes_is_lost_and_what_was_under_way_is_not_whole()
    {
        var talk = TlsTalk.Begun().Say(Side.Client, Request).Say(Side.Server, Response[..^2]);
        var rest = talk.Seal(Side.Server, TlsTalk.Data, Encoding.ASCII.GetBytes(Response[^2..]));
        // At once: nothing of it can follow.
        talk.Miss(Side.Server, 4);
        Assert.Single(talk.Told);
        talk.Say(Side.Server, rest[4..]).End();

        Assert.Equal(["GET /a > 200 hel [ResponseIncomplete]"], talk.Told);
        Assert.Equal(1, talk[Happening.TlsUndecryptable]);
        Assert.Equal(rest.Length - 4, talk[Happening.PassedOverBytes]);
    }

    [Fact]
    public void A_handshake_within_a_connection_of_TLS_1_2_can_not_be_followed()
    {
        var talk = new TlsTalk();
        talk.Say(Side.Client, talk.ClientHello).Say(Side.Server, TlsTalk.OldServerHello).Say(Side.Client, TlsTalk.Record(TlsTalk.ChangeCipherSpec, [1]));
        Assert.Equal(0, talk[Happening.TlsUndecryptable]);
        talk.Say(Side.Client, TlsTalk.Record(TlsTalk.ChangeCipherSpec, [1])).Say(Side.Client, new byte[20]);

        Assert.Equal((1, 20), (talk[Happening.TlsUndecryptable], talk[Happening.PassedOverBytes]));
    }

    [Fact]
    public void Without_its_beginning_nothing_of_a_connection_is_held()
    {
        // So much that it is taken for TLS at all.
        var talk = new TlsTalk();
        talk.Say(Side.Client, talk.ClientHello[..20]).Miss(Side.Client, 10).Say(Side.Server, TlsTalk.ServerHello).End();

        Assert.Equal((1, 20 + TlsTalk.ServerHello.Length), (talk[Happening.TlsUndecryptable], talk[Happening.PassedOverBytes]));
    }

    [Theory]
    [InlineData("17040300200000")]
    [InlineData("1703034900")]
    [InlineData("1903030020")]
    [InlineData("1303030020")]
    public void What_is_no_record_ends_it_and_its_bytes_are_counted(string record)
    {
        var bytes = Convert.FromHexString(record);
        var talk = TlsTalk.Begun().Say(Side.Client, Request).Say(Side.Server, Response).Say(Side.Client, bytes).Say(Side.Server, new byte[10]).End();

        Assert.Equal(1, talk[Happening.TlsUndecryptable]);
        Assert.Equal(10, talk[Happening.PassedOverBytes]);
        Assert.Equal([Asked], talk.Told);
    }

    [Fact]
    public void What_was_held_when_it_is_given_up_is_counted_too()
    {
        var talk = TlsTalk.Begun();
        var record = talk.Seal(Side.Server, TlsTalk.Data, new byte[100]);
        talk.Say(Side.Server, record[..50]).Say(Side.Client, [0x17, 3, 3, 0, 20, .. new byte[20]]).End();

        // 50 that wait for their rest, and a record that keys do not open.
        Assert.Equal((1, 70), (talk[Happening.TlsUndecryptable], talk[Happening.PassedOverBytes]));
    }

    [Fact]
    public void A_secret_that_is_longer_than_any_is_passed_over()
    {
        var keys = new KeyLog();
        keys.TakeKeyLog(Encoding.ASCII.GetBytes($"CLIENT_RANDOM {new string('a', 64)} {new string('b', 130)}\nCLIENT_RANDOM {new string('a', 64)} {new string('b', 96)}\n"));

        Assert.Equal(48, keys.Find(Enumerable.Repeat((byte)0xAA, 32).ToArray())!.Master!.Length);
        keys.TakeKeyLog(Encoding.ASCII.GetBytes($"CLIENT_RANDOM {new string('c', 64)} {new string('b', 130)}\n"));
        Assert.Equal(1, keys.Count);
    }

    [Fact]
    public void Secrets_of_another_length_open_nothing()
    {
        var talk = new TlsTalk(secretBytes: 48);
        talk.Say(Side.Client, talk.ClientHello).Say(Side.Server, TlsTalk.ServerHello).Say(Side.Client, new byte[30]);

        Assert.Equal((1, 30), (talk[Happening.TlsUndecryptable], talk[Happening.PassedOverBytes]));
    }

}
