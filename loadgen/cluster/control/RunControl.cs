using System.Net.Sockets;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>Reaches runs of other processes of this user on this machine.</summary>
/// <param name="time">For patience with a process that does not answer.</param>
public sealed class RunControl(TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Tells the run of a folder something; null when nobody listens there: the run is over, or was never there.</summary>
    public async Task<ControlReply?> TellAsync(string folder, ControlRequest request, CancellationToken stop)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using var slow = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(slow.Token, stop);
        try
        {
            await SocketPlace.WithAddressAsync(folder, async address => await socket.ConnectAsync(address, either.Token));
            for (ReadOnlyMemory<byte> line = ControlJson.Write(request); !line.IsEmpty;)
                line = line[await socket.SendAsync(line, either.Token)..];
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return null;
        }

        return await new LineReader(socket, time).NextAsync(Patience, stop) is { } answer ? ControlJson.Read<ControlReply>(answer.Span) : null;
    }

    /// <summary>Folders below this one whose runs go on, oldest first.</summary>
    public static IReadOnlyList<(string Folder, RunManifest Manifest)> Running(string runsFolder)
    {
        if (!Directory.Exists(runsFolder))
            return [];
        return
        [
            .. from folder in Directory.EnumerateDirectories(runsFolder)
               where RunFolder.Exists(folder) && File.Exists(SocketPlace.Of(folder))
               let manifest = ManifestOf(folder)
               where manifest is not null && RunFolder.IsWriterAlive(manifest)
               orderby manifest.StartedAt
               select (folder, manifest),
        ];
    }

    private static RunManifest? ManifestOf(string folder)
    {
        try
        {
            return RunFolder.ReadManifest(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }
}
