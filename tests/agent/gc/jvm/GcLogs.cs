using System.Globalization;
using System.Text;

namespace Pressure.Agent.Tests;

/// <summary>Logs to read in tests, and what was read as lines that can be compared.</summary>
internal static class GcLogs
{
    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "gc", "jvm", "logs", name);

    public static (List<LoggedGc> Events, GcLogReader Reader) Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    public static (List<LoggedGc> Events, GcLogReader Reader) Read(byte[] bytes, params int[] cuts)
    {
        var events = new List<LoggedGc>();
        var reader = new GcLogReader(events.Add);
        var from = 0;
        foreach (var cut in cuts.Where(c => c > 0 && c < bytes.Length).Order())
        {
            reader.Read(bytes.AsSpan(from, cut - from));
            from = cut;
        }

        reader.Read(bytes.AsSpan(from));
        reader.End();
        return (events, reader);
    }

    /// <summary><c>Young Allocation Failure 19.352ms 34M->33M(123M)</c>; durations that are no pauses in brackets.</summary>
    public static string Line(this LoggedGc gc)
    {
        var text = new StringBuilder($"{gc.Kind}");
        if (gc.Reason.Length > 0)
            text.Append($" '{gc.Reason}'");
        text.Append(gc.Pause > TimeSpan.Zero || gc.Duration == TimeSpan.Zero ? $" {Ms(gc.Pause)}" : $" [{Ms(gc.Duration)}]");
        if (gc.Heap.After is not null)
            text.Append($" {Kilo(gc.Heap.Before)}->{Kilo(gc.Heap.After)}({Kilo(gc.Heap.Committed)})");
        return text.ToString();
    }

    public static string Lines(this IEnumerable<LoggedGc> events) => string.Join('\n', events.Select(e => e.Line()));

    private static string Ms(TimeSpan span) => span.TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture) + "ms";

    private static string Kilo(long? bytes) => bytes is not { } b ? "-" : b % (1 << 20) == 0 ? $"{b >> 20}M" : $"{b >> 10}K";
}
