using System.Buffers;
using System.Text;
using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>Shows what a replay would send, without sending it.</summary>
internal static class ReplayPreview
{
    private const int LongestShown = 4096;
    private const int MostLooked = 10_000;

    /// <summary>The first requests of different endpoints, as text.</summary>
    public static IReadOnlyList<string> Of(ReplayJob job, int requests)
    {
        var judge = new ReplayJudge(job);
        var encoder = new RequestEncoder(job.Order, job.Target, new(job.Order.Carries), "RUN");
        var client = new ReplayClient(1, lane: 0);
        var shown = new List<string>();
        var endpoints = new EndpointTable(job.Endpoints);
        var seen = new HashSet<int>();
        using var merge = new CaptureMerge(job.Captures, job.Order.AlignsByClock);
        for (var looked = 0; looked < MostLooked && shown.Count < requests && merge.MoveNext(); looked++)
        {
            if (judge.Judge(merge.Current, merge.Capture) != SkipReason.None || !seen.Add(endpoints.IndexOf(merge.Current)))
                continue;
            var request = new EncodedRequest();
            encoder.Encode(merge.Current, null, request);
            shown.Add(Text(request, client));
        }

        return shown;
    }

    private static string Text(EncodedRequest request, ReplayClient client)
    {
        var bytes = new ArrayBufferWriter<byte>();
        if (request.Awaited is null)
            new RequestRenderer(request, client, new([])).Write(RequestEncoder.TracePlaceholder, DateTimeOffset.MinValue, bytes);
        else
            bytes.Write(request.Buffer.AsSpan(0, request.Length));
        var cut = bytes.WrittenSpan[..Math.Min(bytes.WrittenCount, LongestShown)];
        var text = Encoding.UTF8.GetString(cut).Replace("\r\n", "\n", StringComparison.Ordinal);
        return string.Concat(text.Select(c => char.IsControl(c) && c is not ('\n' or '\t') ? '.' : c)) + (cut.Length < bytes.WrittenCount ? "..." : "");
    }
}
