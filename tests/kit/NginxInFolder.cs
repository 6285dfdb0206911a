using System.Diagnostics;

namespace Pressure.TestKit;

/// <summary>nginx as one process with the servers that a test writes down, its logs in the test's folder, in a network of its own where one is given.</summary>
public sealed class NginxInFolder : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts it; it does not wait until it listens.</summary>
    /// <param name="folder">For its configuration and all that it writes.</param>
    /// <param name="servers">What stands in its <c>http</c>: formats, logs, servers. Names of files are of the folder.</param>
    /// <param name="network">Where it listens; null for this machine's own.</param>
    public NginxInFolder(TempFolder folder, string servers, NetworkNamespace? network = null)
    {
        File.WriteAllText(folder.File("nginx.conf"), $$"""
            daemon off; master_process off; pid nginx.pid; error_log error.log;
            events { worker_connections 4096; }
            http {
              client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;
              {{servers}}
            }
            """);
        string[] arguments = ["-p", folder.Path + "/", "-c", "nginx.conf", "-e", "error.log"];
        var start = network?.Inside("nginx", arguments) ?? new ProcessStartInfo("nginx", arguments);
        start.RedirectStandardError = true;
        _process = Process.Start(start) ?? throw new InvalidOperationException("nginx did not start");
        _process.BeginErrorReadLine();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
