using System.Text;

namespace Pressure.TrafficCopy.Tests;

/// <summary>An HTTP/2 connection told frame by frame, and what was made of it. Fields are written out, and not kept in tables unless asked for.</summary>
internal sealed class Http2Talk
{
    public const int Data = 0, Headers = 1, Reset = 3, Settings = 4, PushPromise = 5, Continuation = 9;
    public const int EndStream = 1, EndHeaders = 4, Padded = 8, Priority = 32;

    private long _now = 1_000;

    public Http2Talk(ConversationOptions? options = null)
    {
        Heard = new HttpText((options ?? new()).WithReaders(null));
        Say(Side.Client, Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
        Frame(Side.Client, Settings, 0, 0);
        Frame(Side.Server, Settings, 0, 0);
    }

    public HttpText Heard { get; }

    public string[] Told => Heard.Told;

    public long this[Happening what] => Heard.Accounts[what];

    /// <summary>A field that is not kept.</summary>
    public static byte[] Field(string name, string value) => [0, .. Text(name), .. Text(value)];

    /// <summary>A field that is kept, as number 62.</summary>
    public static byte[] Kept(string name, string value) => [0x40, .. Text(name), .. Text(value)];

    public static byte[] Request(string path, string method = "GET") =>
        [.. Field(":method", method), .. Field(":scheme", "http"), .. Field(":authority", "x"), .. Field(":path", path)];

    public static byte[] Response(int status = 200) => Field(":status", $"{status}");

    /// <summary>A request without a body.</summary>
    public Http2Talk Get(int stream, string path) => Frame(Side.Client, Headers, EndStream | EndHeaders, stream, Request(path));

    /// <summary>An answer, body and all.</summary>
    public Http2Talk Answer(int stream, string body, int status = 200) =>
        Frame(Side.Server, Headers, EndHeaders, stream, Response(status)).Frame(Side.Server, Data, EndStream, stream, Encoding.ASCII.GetBytes(body));

    public Http2Talk Frame(Side from, int kind, int flags, int stream, params byte[] payload) => Say(from, Bytes(kind, flags, stream, payload));

    public static byte[] Bytes(int kind, int flags, int stream, byte[] payload) =>
        [(byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, (byte)kind, (byte)flags, (byte)(stream >> 24), (byte)(stream >> 16), (byte)(stream >> 8), (byte)stream, .. payload];

    public Http2Talk Say(Side from, byte[] bytes)
    {
        Heard.Take(from, bytes, ++_now);
        return this;
    }

    public Http2Talk Miss(Side from, long bytes)
    {
        Heard.Miss(from, bytes);
        return this;
    }

    public Http2Talk End()
    {
        Heard.End();
        return this;
    }

    private static byte[] Text(string text) => text.Length < 127
        ? [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)]
        : throw new ArgumentException("Longer texts have longer lengths.", nameof(text));
}
