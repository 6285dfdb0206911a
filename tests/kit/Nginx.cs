using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Pressure.TestKit;

/// <summary>Debian's nginx as a child process, with a folder and port of its own, logging every request.</summary>
public sealed class Nginx : IAsyncDisposable
{
    private const string Binary = "/usr/sbin/nginx";

    private readonly TempFolder _folder = new();
    private readonly Process _process;
    private readonly bool _secure;

    /// <summary>Over TLS where a certificate, its key and the protocol are given.</summary>
    /// <param name="tls">Files of the certificate and its key, and the protocol; null without TLS.</param>
    /// <param name="format">What a line of its log tells of a request.</param>
    /// <param name="isOpen">Whether it listens on all addresses, for programs in networks of their own.</param>
    public Nginx((string Certificate, string Key, string Protocol)? tls = null, string format = "$request $ssl_session_reused", bool isOpen = false)
    {
        if (!File.Exists(Binary))
            throw new InvalidOperationException($"{Binary} is missing: apt-get install -y nginx-light");
        Port = ServerProcess.FreePort();
        _secure = tls is not null;
        var secure = tls is var (certificate, key, protocol)
            ? $"ssl_certificate {certificate}; ssl_certificate_key {key}; ssl_protocols {protocol}; ssl_session_cache shared:test:1m;"
            : "";
        File.WriteAllText(_folder.File("nginx.conf"), $$"""
            daemon off;
            master_process on;
            worker_processes 1;
            user root;
            pid {{_folder.File("nginx.pid")}};
            error_log {{_folder.File("error.log")}};
            events { worker_connections 4096; }
            http {
                log_format session "{{format}}";
                access_log {{Log}} session;
                {{secure}}
                client_body_temp_path {{_folder.Path}};
                proxy_temp_path {{_folder.Path}};
                fastcgi_temp_path {{_folder.Path}};
                uwsgi_temp_path {{_folder.Path}};
                scgi_temp_path {{_folder.Path}};
                server { listen {{(isOpen ? "0.0.0.0" : "127.0.0.1")}}:{{Port}}{{(_secure ? " ssl" : "")}} backlog=4096; location / { return 200 "hello"; } }
            }
            """);
        _process = Start();
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Its address on loopback.</summary>
    public Uri Url => new($"{(_secure ? "https" : "http")}://127.0.0.1:{Port}/");

    private string Log => _folder.File("access.log");

    /// <summary>Waits until it takes connections.</summary>
    public async Task ReadyAsync()
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException)
            {
                if (_process.HasExited)
                    throw new InvalidOperationException(await _process.StandardError.ReadToEndAsync());
                await Task.Delay(50);
            }
        }

        throw new InvalidOperationException("nginx did not open its port within 10 s");
    }

    /// <summary>Lets nginx finish what it has begun, ends it, and counts the requests in its access log.</summary>
    public async Task<int> QuitAndCountAsync() => (await QuitAndReadAsync()).Count;

    /// <summary>The same, line by line; unless another format was asked for, a line ends in r where a TLS session was resumed.</summary>
    public async Task<IReadOnlyList<string>> QuitAndReadAsync()
    {
        await SignalAsync("quit");
        return await File.ReadAllLinesAsync(Log);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // Killed, the master would leave its workers behind.
            await SignalAsync("stop");
        }

        _process.Dispose();
        _folder.Dispose();
    }

    private Process Start(params string[] more) => Process.Start(
        new ProcessStartInfo(Binary, ["-p", _folder.Path, "-c", _folder.File("nginx.conf"), "-e", _folder.File("error.log"), .. more])
        {
            RedirectStandardError = true,
        })!;

    private async Task SignalAsync(string signal)
    {
        using var sender = Start("-s", signal);
        await sender.WaitForExitAsync();
        await _process.WaitForExitAsync();
    }
}
