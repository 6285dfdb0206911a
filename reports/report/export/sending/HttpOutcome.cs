using System.Net;
using System.Text;

namespace Pressure.Reports.Export;

/// <summary>What an answer over HTTP that is no success means, and its first words.</summary>
internal static class HttpOutcome
{
    private const int MostBytes = 4_096;
    private const int MostWords = 200;

    public static async Task<SendOutcome> OfAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        var words = Encoding.UTF8.GetString(await StartAsync(answer, stop));
        var why = $"it answered {(int)answer.StatusCode}{(string.IsNullOrWhiteSpace(words) ? "" : ": " + Short(words))}";
        return answer.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)answer.StatusCode >= 500
            ? new SendOutcome.NotNow(why)
            : new SendOutcome.Refused(why);
    }

    /// <summary>The first bytes of an answer, however long it is.</summary>
    public static async Task<byte[]> StartAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(stop);
        var start = new byte[MostBytes];
        var length = await body.ReadAtLeastAsync(start, MostBytes, throwOnEndOfStream: false, stop);
        return start[..length];
    }

    private static string Short(string words)
    {
        var clean = new MetricTag("", words).Value;
        return clean.Length > MostWords ? clean[..MostWords] : clean;
    }
}
