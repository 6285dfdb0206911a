using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Pressure.TestKit;

namespace Pressure.LoadGen.Tests.Engine;

/// <summary>Debian's nginx as a child process, with a folder and port of its own, logging every request.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private const string Binary = "/usr/sbin/nginx";

    private readonly TempFolder _folder = new();
    private readonly Process _process;
    private readonly bool _secure;

    /// <summary>Over TLS where a certificate, its key and the protocol are given.</summary>
    public Nginx((string Certificate, string Key, string Protocol)? tls = null)
    {
        Assert.True(File.Exists(Binary), $"{Binary} is missing: apt-get install -y nginx-light");
        Port = FreePort();
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
                log_format session "$request $ssl_session_reused";
                access_log {{Log}} session;
                {{secure}}
                client_body_temp_path {{_folder.Path}};
                proxy_temp_path {{_folder.Path}};
                fastcgi_temp_path {{_folder.Path}};
                uwsgi_temp_path {{_folder.Path}};
                scgi_temp_path {{_folder.Path}};
                server { listen 127.0.0.1:{{Port}}{{(_secure ? " ssl" : "")}} backlog=4096; location / { return 200 "hello"; } }
            }
            """);
        _process = Start();
    }

    public int Port { get; }

    public Uri Url => new($"{(_secure ? "https" : "http")}://127.0.0.1:{Port}/");

    private string Log => _folder.File("access.log");

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
                Assert.False(_process.HasExited, await _process.StandardError.ReadToEndAsync());
                await Task.Delay(50);
            }
        }

        Assert.Fail("nginx did not open its port within 10 s");
    }

    /// <summary>Lets nginx finish what it has begun, ends it, and counts the requests in its access log.</summary>
    public async Task<int> QuitAndCountAsync() => (await QuitAndReadAsync()).Count;

    /// <summary>The same, line by line; a line ends in r where a TLS session was resumed.</summary>
    public async Task<IReadOnlyList<string>> QuitAndReadAsync()
    {
        await SignalAsync("quit");
        return await File.ReadAllLinesAsync(Log);
    }

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

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
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
