using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>A server that keeps what it is asked: start line and fields of every request.</summary>
internal sealed class ReplayTarget : IAsyncDisposable
{
    private readonly RawTarget _target;
    private int _answered;

    /// <param name="answer">Fields and body for a request; null for an empty answer.</param>
    public ReplayTarget(Func<SeenRequest, (string Fields, string Body)>? answer = null) => _target = RawTarget.Start((socket, stop) => ServeAsync(socket, answer, stop));

    public Uri Url => _target.Url;

    public ConcurrentQueue<SeenRequest> Seen { get; } = [];

    /// <summary>How many of them have been answered.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>How often each start line came, without its version.</summary>
    public SortedDictionary<string, int> Counts() => new(Seen.GroupBy(r => r.Line).ToDictionary(g => g.Key, g => g.Count()), StringComparer.Ordinal);

    public ValueTask DisposeAsync() => _target.DisposeAsync();

    private async Task ServeAsync(Socket socket, Func<SeenRequest, (string Fields, string Body)>? answer, CancellationToken stop)
    {
        await using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        while (await reader.ReadLineAsync(stop) is { } first)
        {
            var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            while (await reader.ReadLineAsync(stop) is { Length: > 0 } line)
                fields[line[..line.IndexOf(':', StringComparison.Ordinal)]] = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
            var body = new char[int.Parse(fields.GetValueOrDefault("Content-Length", "0"))];
            if (body.Length > 0)
                await reader.ReadBlockAsync(body, stop);
            var request = new SeenRequest(first[..first.LastIndexOf(' ')], fields, new string(body));
            Seen.Enqueue(request);
            var (more, content) = answer?.Invoke(request) ?? ("", "");
            await stream.WriteAsync(Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {content.Length}\r\n{more}\r\n{content}"), stop);
            Interlocked.Increment(ref _answered);
        }
    }
}

/// <summary>A request as it came.</summary>
internal sealed record SeenRequest(string Line, IReadOnlyDictionary<string, string> Fields, string Body);
