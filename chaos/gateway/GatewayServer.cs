using System.Net.Sockets;
using Pressure.Faults;

namespace Pressure.Gateway;

/// <summary>How the start of a gateway went. A closed set.</summary>
public abstract record GatewayStart
{
    private GatewayStart()
    {
    }

    /// <summary>It runs.</summary>
    public sealed record Running(GatewayServer Server) : GatewayStart;

    /// <summary>It can't.</summary>
    /// <param name="Why">What is wrong and what to do, for people.</param>
    public sealed record Refused(string Why) : GatewayStart;
}

/// <summary>
/// A proxy that passes everything through until it is told a fault, over a socket that only its owner can open. Faults end at their deadlines, and with it.
/// </summary>
public sealed class GatewayServer : IAsyncDisposable
{
    private readonly GatewayOptions _options;
    private readonly RuleBook _book;
    private readonly ControlSocket _socket;
    private readonly IRoute _route;
    private bool _ended;

    private GatewayServer(GatewayOptions options, RuleBook book, ControlSocket socket, IRoute route, GatewayControl control) =>
        (_options, _book, _socket, _route, Control) = (options, book, socket, route, control);

    /// <summary>How it is found.</summary>
    public GatewayControl Control { get; }

    /// <summary>Starts one; it listens when this returns.</summary>
    public static async Task<GatewayStart> StartAsync(GatewayOptions options)
    {
        var book = new RuleBook(options.Time, options.Seed);
        IRoute? route = null;
        try
        {
            route = options.IsTcp ? TcpRoute.Start(options, book) : await HttpRoute.StartAsync(options, book);
            var listen = options.Name(route.Port);
            Directory.CreateDirectory(Path.Combine(StateFolder.Ensure(options.Folder), "gateways"));
            var path = options.Control ?? Path.ChangeExtension(GatewayControl.FileOf(options.Folder, listen), ".sock");
            var control = new GatewayControl(listen, options.Target, path);
            var socket = ControlSocket.Listen(path, new ControlDesk(book, control, options.Time));
            control.Write(options.Folder);
            return new GatewayStart.Running(new(options, book, socket, route, control));
        }
        catch (Exception e) when (e is IOException or SocketException or UnauthorizedAccessException or ArgumentException)
        {
            if (route is not null)
                await route.DisposeAsync();
            book.Dispose();
            return new GatewayStart.Refused(Why(options, e));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _ended, true))
            return;
        File.Delete(GatewayControl.FileOf(_options.Folder, Control.Listen));
        await _socket.DisposeAsync();
        await _route.DisposeAsync();
        _book.Dispose();
    }

    private static string Why(GatewayOptions options, Exception e) => (e as SocketException ?? e.InnerException as SocketException ?? e.InnerException?.InnerException as SocketException)?.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => $"Something listens on {options.Listen} already. Choose another port with --listen.",
        SocketError.AddressNotAvailable => $"{options.Listen.Address} is no address of this machine. Choose another one with --listen.",
        SocketError.AccessDenied => $"Listening on {options.Listen} is denied. Choose a port above 1023 with --listen, or run as root.",
        _ => $"The gateway can't start: {e.Message}",
    };
}

/// <summary>What a gateway does with what comes to it.</summary>
internal interface IRoute : IAsyncDisposable
{
    /// <summary>The port that it listens on.</summary>
    int Port { get; }
}
