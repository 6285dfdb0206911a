using System.Net.Sockets;
using System.Text;

namespace Pressure.Agent;

/// <summary>
/// Asks container engines (Docker, Podman) for names, labels and restarts: when a container appears, and once a minute after. In the background: a
/// sample never waits for an engine.
/// </summary>
/// <param name="sockets">Their Unix sockets.</param>
/// <param name="time">Tells when to ask again.</param>
internal sealed class EngineNames(IReadOnlyList<string> sockets, TimeProvider time)
{
    private const int MaxBytes = 1 << 20;

    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private Task _asking = Task.CompletedTask;

    /// <summary>Sees to it that the containers get their names.</summary>
    public void Ask(IReadOnlyCollection<Container> containers)
    {
        if (!_asking.IsCompleted)
            return;
        List<Container>? due = null;
        foreach (var container in containers)
        {
            if (container.AskedAt is { } at && time.GetElapsedTime(at) < Again)
                continue;
            container.AskedAt = time.GetTimestamp();
            (due ??= []).Add(container);
        }
        if (due is null)
            return;
        string[] there = [.. sockets.Where(File.Exists)];
        if (there.Length > 0)
            _asking = Task.Run(() => AskAsync(due, there));
        else
            due.ForEach(container => container.Answer(null));
    }

    private static async Task AskAsync(List<Container> containers, string[] sockets)
    {
        foreach (var container in containers)
        {
            ContainerLabels? labels = null;
            foreach (var socket in sockets)
                labels ??= await AskAsync(socket, container.WholeId);
            container.Answer(labels);
        }
    }

    /// <summary>Null if the engine does not know the container, or can't be asked.</summary>
    private static async Task<ContainerLabels?> AskAsync(string path, string id)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), patience.Token);
            // With 1.0 the answer comes whole and ends with the connection.
            await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /containers/{id}/json HTTP/1.0\r\nHost: localhost\r\n\r\n"), patience.Token);
            var response = new byte[16 * 1024];
            var length = 0;
            while (await socket.ReceiveAsync(response.AsMemory(length), patience.Token) is > 0 and var count)
            {
                length += count;
                if (length == MaxBytes)
                    return null;
                if (length == response.Length)
                    Array.Resize(ref response, Math.Min(MaxBytes, length * 2));
            }
            return EngineAnswer.Parse(response.AsSpan(0, length));
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or ArgumentException)
        {
            return null;
        }
    }
}
