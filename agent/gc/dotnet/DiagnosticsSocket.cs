using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Pressure.Agent;

/// <summary>Finds and opens the socket at which a .NET process takes questions, also one in a container: <c>/proc/PID/root/tmp/dotnet-diagnostic-...</c></summary>
internal static class DiagnosticsSocket
{
    /// <summary>Connects to the process.</summary>
    /// <exception cref="GcDeafException">It can't be asked, with the reason for people.</exception>
    public static async Task<Socket> OpenAsync(WatchedProcess process, string proc, CancellationToken cancellation)
    {
        var path = Find(process, proc);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            // Whoever can write to the process's folder can put a socket or a link there; only the process itself is listened to.
            // (Between containers beside each other the kernel tells 0.)
            if (PeerOf(socket) is var peer && peer != process.Pid && peer != 0)
                throw new GcDeafException($"process {peer.ToString(CultureInfo.InvariantCulture)} answers at its diagnostics socket ({path})");
            return socket;
        }
        catch (Exception e) when (e is not GcDeafException and not OperationCanceledException)
        {
            socket.Dispose();
            throw e is SocketException { SocketErrorCode: SocketError.AccessDenied }
                ? new GcDeafException($"no permission for its diagnostics socket; run the agent as root or as the process's user ({path})", e)
                : new GcDeafException($"its diagnostics socket does not answer: {e.Message} ({path})", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The path of the process's socket.</summary>
    public static string Find(WatchedProcess process, string proc)
    {
        var own = Path.Combine(proc, process.Pid.ToString(CultureInfo.InvariantCulture));
        var folder = TemporaryFolder(own);
        var prefix = $"dotnet-diagnostic-{process.NamespacePid.ToString(CultureInfo.InvariantCulture)}-";
        string[] found;
        try
        {
            found = [.. Directory.EnumerateFiles(folder, prefix + "*-socket").Where(f => File.ResolveLinkTarget(f, returnFinalTarget: false) is null)];
        }
        catch (DirectoryNotFoundException)
        {
            found = [];
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new GcDeafException($"no permission to look into {folder}; run the agent as root or as the process's user", e);
        }
        // Sockets of processes that were killed stay behind, and ids are used again: the process's start is in its own socket's name.
        var exact = Path.Combine(folder, prefix + process.Start.ToString(CultureInfo.InvariantCulture) + "-socket");
        return found.Contains(exact) ? exact
            : found.MaxBy(File.GetLastWriteTimeUtc)
            ?? throw new GcDeafException($"it has no diagnostics socket in {folder}; it may run with DOTNET_EnableDiagnostics=0");
    }

    // Its TMPDIR as it was started with, else /tmp, as it sees it itself.
    private static string TemporaryFolder(string own)
    {
        var folder = "/tmp";
        try
        {
            const string Name = "TMPDIR=";
            var set = Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(own, "environ"))).Split('\0').LastOrDefault(v => v.StartsWith(Name, StringComparison.Ordinal));
            if (set?.Length > Name.Length && set[Name.Length] == '/' && !set.Contains(".."))
                folder = set[Name.Length..];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The socket tells whether we may.
        }
        return Path.Join(own, "root", folder);
    }

    // SO_PEERCRED: process, user and group of whoever listens, as this process's pid namespace sees them.
    private static int PeerOf(Socket socket)
    {
        Span<byte> credentials = stackalloc byte[12];
        socket.GetRawSocketOption(1, 17, credentials);
        return BinaryPrimitives.ReadInt32LittleEndian(credentials);
    }
}

/// <summary>A process can't be listened to; the message says why, for people, as the rest of a sentence.</summary>
internal sealed class GcDeafException(string message, Exception? inner = null) : Exception(message, inner);
