using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pressure.TrafficCopy.Tests;

/// <summary>
/// Real traffic of every shape that curl and nginx make between them, captured twice: as it is, and with packets lost before and after the place of capture.
/// nginx keeps a log with one line a request: the client's port, the number in its connection, method, target, status.
/// </summary>
public sealed class WebTraffic : IDisposable
{
    private const string Servers = """
        log_format one '$remote_port $connection_requests $request_method $request_uri $status';
        gzip on; gzip_types text/plain; gzip_min_length 1; gzip_proxied any; client_max_body_size 10m;
        server {
          listen 8000; listen 8002; root www; access_log one.log one; keepalive_requests 100000; client_body_buffer_size 1m; default_type text/plain;
          location /item/ { return 200 "this is $uri, asked for by $remote_port\n"; }
          location /put/ { dav_methods PUT DELETE; create_full_put_path on; }
          location = /moved { return 302 /page; }
          location = /none { return 204; }
        }
        """;

    private readonly TrafficRoom _room = new(Servers, folder =>
    {
        Directory.CreateDirectory(folder.File("www/put"));
        File.WriteAllText(folder.File("www/page"), string.Concat(Enumerable.Range(0, 400).Select(i => $"line {i} of a page that packs well\n")));
        File.WriteAllBytes(folder.File("www/bytes"), [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * 31 >> 3))]);
        File.WriteAllText(folder.File("upload"), string.Concat(Enumerable.Range(0, 3_000).Select(i => $"row {i};")));
    });

    public WebTraffic()
    {
        _room.Capture([("clean", "-i lo tcp portrange 8000-8002"), ("clean-any", "-i any tcp portrange 8000-8002")], () =>
        {
            Browse();
            Pipeline(8000, "GET");
            Pipeline(8002, "HEAD");
            Upgrade();
        });
        CleanLog = Log();
        // What comes in is captured, and then partly lost: sent again. What goes out is partly lost before it is captured.
        foreach (var rule in (string[])["INPUT --dport 31", "INPUT --sport 37", "OUTPUT --sport 41", "OUTPUT --dport 43"])
            _room.Do("iptables", [.. Rule(rule.Split(' '))]);
        _room.Capture([("lossy", "-i lo tcp port 8000")], () =>
        {
            Browse();
            _room.Do("curl", "-sS", "-Z", "--parallel-max", "6", "http://127.0.0.1:8000/item/[1-120]");
        });
        LossyLog = [.. Log().Skip(CleanLog.Count)];
    }

    /// <summary>nginx's log of the captures without losses.</summary>
    public IReadOnlyList<string> CleanLog { get; }

    /// <summary>nginx's log of the capture with losses.</summary>
    public IReadOnlyList<string> LossyLog { get; }

    public string Path(string name) => _room.PathOf(name);

    public void Dispose() => _room.Dispose();

    private static IEnumerable<string> Rule(string[] rule) =>
        ["-A", rule[0], "-p", "tcp", rule[1], "8000", "-m", "statistic", "--mode", "nth", "--every", rule[2], "--packet", "7", "-j", "DROP"];

    private void Browse()
    {
        const string server = "http://127.0.0.1:8000";
        Curl($"{server}/item/[1-60]?a=b");
        Curl($"{server}/bytes", $"{server}/page", $"{server}/nowhere", $"{server}/none", $"{server}/moved");
        Curl("--compressed", "-L", $"{server}/page", $"{server}/moved", $"{server}/page");
        Curl("-I", $"{server}/page", $"{server}/bytes", $"{server}/item/1");
        Curl("-r", "100-299", $"{server}/bytes", $"{server}/page");
        Curl("-0", $"{server}/page");
        Curl("-0", "--compressed", $"{server}/page");
        Curl("-H", "Connection: close", $"{server}/item/close");
        Curl("-z", Path("www/page"), $"{server}/page", $"{server}/page");
        Curl("-T", Path("upload"), $"{server}/put/a");
        Curl("-H", "Expect: 100-continue", "-T", Path("upload"), $"{server}/put/c");
        _room.Do("sh", "-c", $"curl -sS -T - {server}/put/d <{Path("upload")}");
        Curl("-X", "DELETE", $"{server}/put/a", $"{server}/put/d");
        Curl("-d", "name=value&other=%20", $"{server}/item/form", $"{server}/item/form");
        Curl("-X", "OPTIONS", $"{server}/item/options");
        Curl("-x", server, "http://proxied.example/item/absolute");
    }

    private void Curl(params string[] arguments) => _room.Do("curl", ["-sS", .. arguments]);

    /// <summary>Twenty requests at once, three of them with bodies, and their responses after them.</summary>
    private void Pipeline(int port, string everyFifth)
    {
        using var socket = Connect(port);
        var requests = string.Concat(Enumerable.Range(0, 20).Select(i => i % 7 == 3
            ? $"PUT /put/p{i} HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n2\r\nde\r\n0\r\nT: 1\r\n\r\n"
            : $"{(i % 5 == 0 ? everyFifth : "GET")} /item/p{i} HTTP/1.1\r\nHost: h\r\n{(i == 19 ? "Connection: close\r\n" : "")}\r\n"));
        socket.Send(Encoding.ASCII.GetBytes(requests));
        ReadToEnd(socket);
    }

    /// <summary>A server that changes to a protocol of its own.</summary>
    private void Upgrade()
    {
        using var listener = _room.Network.Within(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 8001));
        listener.Listen();
        using var client = Connect(8001);
        using var server = listener.Accept();
        Say(client, server, "GET /chat HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        Say(server, client, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n\u0081\u0005hello");
        Say(client, server, "\u0081\u0085\u0001\u0002\u0003\u0004igohn");
        Say(server, client, "\u0081\u0003bye");
    }

    private Socket Connect(int port)
    {
        var socket = _room.Network.Within(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    private static void Say(Socket from, Socket to, string text)
    {
        from.Send(Encoding.Latin1.GetBytes(text));
        var room = new byte[text.Length];
        for (var read = 0; read < room.Length;)
            read += to.Receive(room.AsSpan(read));
    }

    private static void ReadToEnd(Socket socket)
    {
        var room = new byte[65_536];
        while (socket.Receive(room) > 0)
            continue;
    }

    private List<string> Log() => [.. File.ReadAllLines(Path("one.log"))];
}
