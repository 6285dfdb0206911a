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
        using var slow = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(slow.Token, stop);
        try
        {
            using var socket = await ConnectAsync(folder, either.Token);
            for (ReadOnlyMemory<byte> line = ControlJson.Write(request); !line.IsEmpty;)
                line = line[await socket.SendAsync(line, either.Token)..];
            return await new LineReader(socket, time).NextAsync(Patience, stop) is { } answer ? ControlJson.Read<ControlReply>(answer.Span) : null;
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return null;
        }
    }

    private async Task<Socket> ConnectAsync(string folder, CancellationToken stop)
    {
        while (true)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                using var place = new SocketPlace(SocketPlace.Of(folder));
                await socket.ConnectAsync(place.Address, stop);
                return socket;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
            {
                // Many others are asking at this moment.
                socket.Dispose();
                await Task.Delay(TimeSpan.FromMilliseconds(20), time, stop);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
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
