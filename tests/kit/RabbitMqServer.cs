using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pressure.TestKit;

/// <summary>
/// A RabbitMQ of its own, with a name mapper (epmd), folders and ports of its own on loopback, whatever else runs on this machine. It takes some seconds to start: share one
/// among the tests of a collection, and give each a prefix of its own. Ended with all its processes by their ids.
/// </summary>
public sealed class RabbitMqServer : IAsyncDisposable
{
    /// <summary>Who may log in.</summary>
    public const string User = "pressure", Password = "pass/word@1";

    private const string Programs = "/usr/lib/rabbitmq/bin/";
    private const string NameMapper = "/usr/bin/epmd";

    // Of a listener, of the port of its distribution, of the name mapper.
    private static readonly string[] PortTaken = ["eaddrinuse", "in use", "epmd did not start"];

    private readonly TempFolder _folder = new();
    private readonly Queue<string> _log = [];
    private readonly int _mapperPort = ServerProcess.FreePort();
    private readonly int _distributionPort = ServerProcess.FreePort();
    private Process? _mapper;
    private Process? _broker;

    private RabbitMqServer()
    {
    }

    /// <summary>Port without TLS.</summary>
    public int Port { get; } = ServerProcess.FreePort();

    /// <summary>Port with TLS; of no use unless it was started with certificates.</summary>
    public int TlsPort { get; } = ServerProcess.FreePort();

    /// <summary>Its address without TLS, in the form of an URL.</summary>
    public string Address => AddressAt(IPAddress.Loopback);

    private bool IsOpen { get; init; }

    private string MoreArguments { get; init; } = "";

    /// <summary>Its address without TLS where this machine is called something else, as from a network of its own.</summary>
    public string AddressAt(IPAddress machine) => $"amqp://{User}:{Uri.EscapeDataString(Password)}@{machine}:{Port}";

    /// <summary>The end of what it said.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return string.Join('\n', _log);
        }
    }

    /// <summary>Starts one, and returns when clients can come.</summary>
    /// <param name="certificates">Files for TLS: what it shows, its key, and authorities that clients' certificates may come from; null without TLS.</param>
    /// <param name="moreConfiguration">Lines for rabbitmq.conf.</param>
    /// <param name="isOpen">Whether it listens on all addresses, for programs in networks of their own.</param>
    /// <param name="moreArguments">Arguments for its virtual machine: settings that the file has no name for.</param>
    public static async Task<RabbitMqServer> StartAsync((string Certificate, string Key, string Authorities)? certificates = null, string moreConfiguration = "", bool isOpen = false, string moreArguments = "")
    {
        foreach (var file in new[] { Programs + "rabbitmq-server", NameMapper })
        {
            if (!File.Exists(file))
                throw new InvalidOperationException($"{file} is missing: apt-get install -y rabbitmq-server");
        }
        for (var attempt = 1; ; attempt++)
        {
            var server = new RabbitMqServer { IsOpen = isOpen, MoreArguments = moreArguments };
            try
            {
                server.Configure(certificates, moreConfiguration);
                await server.StartMapperAsync();
                await server.StartAgainAsync();
                return server;
            }
            catch (Exception e)
            {
                await server.DisposeAsync();
                // A port that was free a moment ago may be another's by now.
                if (attempt == 3 || !PortTaken.Any(said => e.Message.Contains(said, StringComparison.OrdinalIgnoreCase)))
                    throw;
            }
        }
    }

    /// <summary>Ends it in order, and starts it on the same ports with the same data.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAgainAsync();
    }

    /// <summary>Ends it in order.</summary>
    public async Task StopAsync()
    {
        Signal(_broker!, "TERM");
        await EndedAsync();
    }

    /// <summary>Ends it as a power cut would.</summary>
    public async Task KillAsync()
    {
        _broker!.Kill(entireProcessTree: true);
        await EndedAsync();
    }

    /// <summary>Starts it after <see cref="StopAsync"/> or <see cref="KillAsync"/>.</summary>
    public async Task StartAgainAsync()
    {
        lock (_log)
            _log.Clear();
        _broker = Start(Programs + "rabbitmq-server");
        for (var attempt = 0; attempt < 1200; attempt++)
        {
            if (_broker.HasExited)
                throw new InvalidOperationException($"rabbitmq-server ended with {_broker.ExitCode}: {Log}");
            if (await GreetsAsync())
                return;
            await Task.Delay(100);
        }
        throw new InvalidOperationException($"rabbitmq-server was not ready within two minutes: {Log}");
    }

    /// <summary>Lets it find that it has no memory left: it blocks whoever publishes.</summary>
    public Task AlarmAsync() => ControlAsync("set_vm_memory_high_watermark", "absolute", "1MB");

    /// <summary>Gives it memory again.</summary>
    public Task CalmAsync() => ControlAsync("set_vm_memory_high_watermark", "0.6");

    /// <summary>Runs rabbitmqctl; its output.</summary>
    public async Task<string> ControlAsync(params IEnumerable<string> arguments)
    {
        using var process = Process.Start(Described(Programs + "rabbitmqctl", ["--quiet", .. arguments]))!;
        var said = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"rabbitmqctl {string.Join(' ', arguments)}: {await said}{output}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_broker is { HasExited: false })
            await KillAsync();
        _broker?.Dispose();
        if (_mapper is { HasExited: false })
        {
            _mapper.Kill();
            await _mapper.WaitForExitAsync();
        }
        _mapper?.Dispose();
        // Whatever the broker's processes were still writing.
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                _folder.Dispose();
                return;
            }
            catch (IOException) when (attempt < 50)
            {
                await Task.Delay(100);
            }
        }
    }

    private void Configure((string Certificate, string Key, string Authorities)? certificates, string more)
    {
        var lines = new StringBuilder();
        lines.AppendLine(CultureInfo.InvariantCulture, $"listeners.tcp.1 = {(IsOpen ? "0.0.0.0" : "127.0.0.1")}:{Port}");
        lines.AppendLine(CultureInfo.InvariantCulture, $"default_user = {User}");
        lines.AppendLine(CultureInfo.InvariantCulture, $"default_pass = {Password}");
        lines.AppendLine("default_permissions.configure = .*\ndefault_permissions.read = .*\ndefault_permissions.write = .*");
        lines.AppendLine("disk_free_limit.absolute = 50MB\nvm_memory_high_watermark.relative = 0.6");
        if (certificates is { } files)
        {
            lines.AppendLine(CultureInfo.InvariantCulture, $"listeners.ssl.1 = 127.0.0.1:{TlsPort}\nssl_options.certfile = {files.Certificate}\nssl_options.keyfile = {files.Key}");
            lines.AppendLine(CultureInfo.InvariantCulture, $"ssl_options.cacertfile = {files.Authorities}\nssl_options.verify = verify_peer\nssl_options.fail_if_no_peer_cert = false");
        }
        File.WriteAllText(_folder.File("rabbitmq.conf"), lines + more);
        File.WriteAllText(_folder.File("env.conf"), "");
        File.WriteAllText(_folder.File("plugins"), "[].");
    }

    private async Task StartMapperAsync()
    {
        _mapper = Start(NameMapper, "-port", $"{_mapperPort}", "-address", "127.0.0.1");
        for (var attempt = 0; attempt < 600 && !_mapper.HasExited; attempt++)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, _mapperPort);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(50);
            }
        }
        throw new InvalidOperationException($"epmd did not start: {Log}");
    }

    // What is listening but still starting hangs up instead.
    private async Task<bool> GreetsAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            await client.GetStream().WriteAsync("AMQP\0\0\u0009\u0001"u8.ToArray());
            return await client.GetStream().ReadAsync(new byte[8]) > 0;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }

    private async Task EndedAsync()
    {
        await _broker!.WaitForExitAsync();
        _broker.Dispose();
        _broker = null;
    }

    private Process Start(string program, params IEnumerable<string> arguments)
    {
        var process = Process.Start(Described(program, arguments))!;
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return process;
    }

    private ProcessStartInfo Described(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = _folder.Path };
        foreach (var (name, value) in new (string, string)[]
        {
            ("HOME", _folder.Path),
            ("ERL_EPMD_PORT", $"{_mapperPort}"),
            ("ERL_EPMD_ADDRESS", "127.0.0.1"),
            ("RABBITMQ_NODENAME", $"pressure{Port}@localhost"),
            ("RABBITMQ_DIST_PORT", $"{_distributionPort}"),
            ("RABBITMQ_MNESIA_BASE", _folder.File("data")),
            ("RABBITMQ_LOG_BASE", _folder.File("log")),
            ("RABBITMQ_LOGS", "-"),
            ("RABBITMQ_CONFIG_FILE", _folder.File("rabbitmq.conf")),
            ("RABBITMQ_CONF_ENV_FILE", _folder.File("env.conf")),
            ("RABBITMQ_ENABLED_PLUGINS_FILE", _folder.File("plugins")),
            // Then the script becomes the broker instead of waiting beside it: one process, whose id we know.
            ("RUNNING_UNDER_SYSTEMD", "true"),
            ("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", $"+S 2:2 -kernel inet_dist_use_interface {{127,0,0,1}} {MoreArguments}"),
        })
            start.Environment[name] = value;
        return start;
    }

    private static void Signal(Process process, string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{process.Id}"]);
        kill.WaitForExit();
    }

    private void Note(string? line)
    {
        lock (_log)
        {
            _log.Enqueue(line ?? "");
            if (_log.Count > 60)
                _log.Dequeue();
        }
    }
}
