using System.Diagnostics;

namespace Pressure.TestKit;

/// <summary>
/// A PostgreSQL of its own on a free port of loopback: a cluster in a temporary folder, run by an account without rights, since it refuses root. Ended and
/// deleted with the test.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly string[] Places = ["/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/17/bin", "/usr/local/bin", "/usr/bin"];

    private readonly TempFolder _folder = new();
    private Process? _process;

    private PostgresServer(int port) => Port = port;

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Its address for a client, with a database's name.</summary>
    public string Address(string database = "postgres") => $"postgres://pressure:secret@127.0.0.1:{Port}/{database}?sslmode=disable";

    /// <summary>Starts one, and returns when it answers.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        var server = new PostgresServer(ServerProcess.FreePort());
        try
        {
            await server.MakeClusterAsync();
            await server.RunAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills it without a goodbye, as a power cut would.</summary>
    public async Task KillAsync() => await EndAsync("KILL");

    /// <summary>Ends it in order, at once.</summary>
    public async Task StopAsync() => await EndAsync("INT");

    /// <summary>Runs it again after an end.</summary>
    public async Task RunAsync()
    {
        var data = _folder.File("data");
        _process = Start("postgres", "-D", data, "-p", $"{Port}", "-h", "127.0.0.1", "-k", data, "-c", "fsync=off", "-c", "max_connections=200", "-c", "shared_buffers=32MB");
        for (var attempt = 0; attempt < 600 && !_process.HasExited; attempt++)
        {
            if (await IsReadyAsync())
                return;
            await Task.Delay(50);
        }
        throw new InvalidOperationException($"PostgreSQL did not answer on port {Port}");
    }

    /// <summary>Makes an empty database.</summary>
    public async Task<string> CreateDatabaseAsync(string name)
    {
        await RunToEndAsync(Start("createdb", "-h", "127.0.0.1", "-p", $"{Port}", "-U", "pressure", name));
        return Address(name);
    }

    /// <summary>Runs SQL as its owner.</summary>
    public Task RunSqlAsync(string database, string sql) => RunToEndAsync(Start("psql", "-q", "-h", "127.0.0.1", "-p", $"{Port}", "-U", "pressure", "-d", database, "-v", "ON_ERROR_STOP=1", "-c", sql));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndAsync("QUIT");
        _folder.Dispose();
    }

    private async Task MakeClusterAsync()
    {
        await File.WriteAllTextAsync(_folder.File("password"), "secret\n");
        if (Environment.IsPrivilegedProcess)
        {
            await RunToEndAsync(Process.Start(new ProcessStartInfo("chown", ["-R", "postgres", _folder.Path]))!);
        }
        await RunToEndAsync(Start("initdb", "-D", _folder.File("data"), "-U", "pressure", "-A", "scram-sha-256", "--pwfile", _folder.File("password"), "-N", "-E", "UTF8", "--locale", "C"));
    }

    private static Process Start(string program, params string[] arguments)
    {
        var path = Places.Select(p => Path.Combine(p, program)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"{program} is missing: apt-get install -y postgresql-15");
        // setpriv becomes the program, so that the process is the server itself and can be ended by its id.
        string[] prefix = Environment.IsPrivilegedProcess ? ["/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", path] : [path];
        var start = new ProcessStartInfo(prefix[0], [.. prefix[1..], .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        start.Environment["PGPASSWORD"] = "secret";
        start.Environment["LC_ALL"] = "C";
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        if (program == "postgres")
        {
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
        }
        return process;
    }

    private static async Task RunToEndAsync(Process process)
    {
        var problem = process.StartInfo.RedirectStandardError ? await process.StandardError.ReadToEndAsync() : "";
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)} ended with {process.ExitCode}: {problem}");
        process.Dispose();
    }

    private async Task<bool> IsReadyAsync()
    {
        using var probe = Start("pg_isready", "-q", "-h", "127.0.0.1", "-p", $"{Port}");
        await probe.WaitForExitAsync();
        return probe.ExitCode == 0;
    }

    private async Task EndAsync(string signal)
    {
        if (_process is null)
            return;
        if (!_process.HasExited)
        {
            using var kill = Process.Start(new ProcessStartInfo("kill", [$"-{signal}", $"{_process.Id}"]))!;
            await kill.WaitForExitAsync();
        }
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }
}
