using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pressure.TestKit;

/// <summary>A Redis of its own on a free port of loopback, without anything on the disk; ended with the test.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Process _process;

    private RedisServer(int port, bool isOpen)
    {
        Port = port;
        string[] options = ["--port", $"{port}", "--bind", isOpen ? "0.0.0.0" : "127.0.0.1", "--protected-mode", isOpen ? "no" : "yes", "--save", "", "--appendonly", "no", "--enable-debug-command", "local", "--dir", _folder.Path];
        _process = Process.Start(new ProcessStartInfo("redis-server", options) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("redis-server did not start");
        _process.BeginOutputReadLine();
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Starts one, and returns when it answers.</summary>
    /// <param name="isOpen">Whether it listens on all addresses, for programs in networks of their own.</param>
    public static async Task<RedisServer> StartAsync(bool isOpen = false)
    {
        var server = new RedisServer(ServerProcess.FreePort(), isOpen);
        for (var attempt = 0; attempt < 600 && !server._process.HasExited; attempt++)
        {
            try
            {
                using var connection = await server.ConnectAsync();
                if (await connection.AskAsync("PING") == "+PONG")
                    return server;
            }
            catch (SocketException)
            {
                // Not yet.
            }

            await Task.Delay(50);
        }

        await server.DisposeAsync();
        throw new InvalidOperationException("redis-server did not answer (apt-get install -y redis-server)");
    }

    /// <summary>A connection to it.</summary>
    public Task<RedisConnection> ConnectAsync() => RedisConnection.OpenAsync(Port);

    /// <summary>A digest of all that it holds: the same data give the same one.</summary>
    public async Task<string> DigestAsync()
    {
        using var connection = await ConnectAsync();
        return await connection.AskAsync("DEBUG", "DIGEST");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }
}

/// <summary>A client of Redis that speaks its protocol by hand.</summary>
public sealed class RedisConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly BufferedStream _stream;

    private RedisConnection(Socket socket) => (_socket, _stream) = (socket, new BufferedStream(new NetworkStream(socket), 65_536));

    /// <summary>Connects.</summary>
    public static async Task<RedisConnection> OpenAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return new RedisConnection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Bytes of a command.</summary>
    public static byte[] Command(params IEnumerable<string> words)
    {
        var all = words.Select(Encoding.Latin1.GetBytes).ToList();
        var bytes = new List<byte>(Encoding.ASCII.GetBytes($"*{all.Count}\r\n"));
        foreach (var word in all)
            bytes.AddRange([.. Encoding.ASCII.GetBytes($"${word.Length}\r\n"), .. word, (byte)'\r', (byte)'\n']);
        return [.. bytes];
    }

    /// <summary>Asks, and awaits the reply: its text, of arrays the replies within.</summary>
    public async Task<string> AskAsync(params IEnumerable<string> words)
    {
        await SendAsync(Command(words));
        return await ReplyAsync();
    }

    /// <summary>Sends bytes of commands, as they are.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await _stream.WriteAsync(bytes);
        await _stream.FlushAsync();
    }

    /// <summary>Awaits the next reply.</summary>
    public async Task<string> ReplyAsync()
    {
        var line = await LineAsync();
        var count = line[0] is '$' or '*' ? int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture) : 0;
        if (line[0] == '$' && count >= 0)
        {
            var text = new byte[count + 2];
            await _stream.ReadExactlyAsync(text);
            return Encoding.Latin1.GetString(text.AsSpan(0, count));
        }

        if (line[0] != '*')
            return line;
        var replies = new List<string>();
        for (; count > 0; count--)
            replies.Add(await ReplyAsync());
        return $"[{string.Join(", ", replies)}]";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }

    private async Task<string> LineAsync()
    {
        var line = new StringBuilder();
        var next = new byte[1];
        while (true)
        {
            await _stream.ReadExactlyAsync(next);
            if (next[0] == '\n')
                return line.ToString(0, line.Length - 1);
            line.Append((char)next[0]);
        }
    }
}
