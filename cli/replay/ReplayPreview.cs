using System.Globalization;
using System.Text.Json;
using Pressure.Cli.ConsoleOutput;
using Pressure.Cluster;
using Pressure.LoadGen;
using Pressure.Reports;
using Pressure.TrafficCopy;
using Spectre.Console;
using Figures = Pressure.Cli.ConsoleOutput.Figures;

namespace Pressure.Cli.Replay;

/// <summary>Tells what a replay would send and skip, without sending anything.</summary>
internal static class ReplayPreview
{
    private const int Shown = 3;
    private const int MostEndpoints = 20;

    /// <summary>Prints it; gives the exit code.</summary>
    public static int Show(PreparedReplay replay, bool json)
    {
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(Facts(replay), ReportJson.Indented));
        else
            Write(replay, PressureConsole.Create());
        return ExitCodes.Ok;
    }

    private static object Facts(PreparedReplay replay) => new
    {
        Target = replay.Plan.Target.AbsoluteUri,
        Seconds = replay.Plan.Duration.TotalSeconds,
        Captures = replay.Captures.Select(c => new { c.Name, c.Exchanges, c.Connections, Seconds = Length(c).TotalSeconds, c.Masked, c.IsComplete, c.Damage }),
        replay.Replayed,
        Sent = Workload.Of(replay.Plan).Load.Total is > 0 and var total ? total : (long?)null,
        Skipped = replay.Skipped.ToDictionary(),
        Endpoints = Endpoints(replay).Select(e => new { e.Name, e.Requests }),
        Requests = replay.Show(Shown),
    };

    private static void Write(PreparedReplay replay, IAnsiConsole console)
    {
        foreach (var capture in replay.IsLive ? [] : replay.Captures)
            console.WriteLine($"{capture.Name}: {Count(capture.Exchanges)} requests over {Count(capture.Connections)} connections in {Figures.Span(Length(capture))}{(capture.Masked.Count > 0 ? $"; masked: {string.Join(", ", capture.Masked)}" : "")}");
        if (replay.IsLive)
            console.WriteLine($"{string.Join(", ", replay.Captures.Select(c => $"{c.Name}: {Count(c.Exchanges)} requests"))} while it listened for a moment. What passes meanwhile is replayed; how much that is nobody knows before.");
        foreach (var notice in replay.IsLive ? [] : replay.Notices)
            console.WriteLine(notice);
        var total = Workload.Of(replay.Plan).Load.Total;
        var order = ((Load.Replay)replay.Plan.Load).Order;
        var until = order.IsAsFastAsPossible ? ", as fast as it answers" : replay.IsLive && order.Duration is null ? " until Ctrl-C" : $" within {Figures.Span(replay.Plan.Duration)}";
        console.WriteLine($"To {replay.Plan.Target}: {(total > 0 ? $"{Count(total)} requests" : "as many as come")}{until}");
        if (replay.Replayed is null && !replay.IsLive)
            console.WriteLine("The captures are large: what follows is of their beginning.");
        WriteEndpoints(replay, console);
        foreach (var (reason, requests) in replay.Skipped)
            console.WriteLine($"skipped {Count(requests)}: {reason}");
        foreach (var request in replay.Show(Shown))
        {
            console.WriteLine();
            console.WriteLine(request.TrimEnd());
        }

        console.WriteLine();
        console.WriteLine("Nothing was sent.");
    }

    private static void WriteEndpoints(PreparedReplay replay, IAnsiConsole console)
    {
        var endpoints = Endpoints(replay).ToList();
        foreach (var (name, requests) in endpoints.Take(MostEndpoints))
            console.WriteLine($"{Count(requests),12}  {name}");
        if (endpoints.Count > MostEndpoints)
            console.WriteLine($"{Count(endpoints.Skip(MostEndpoints).Sum(e => e.Requests)),12}  {endpoints.Count - MostEndpoints} more endpoints");
    }

    private static IEnumerable<(string Name, long Requests)> Endpoints(PreparedReplay replay) =>
        replay.Plan.Requests.Zip(replay.ByEndpoint, (request, count) => (request.Name, count)).Where(e => e.count > 0).OrderByDescending(e => e.count);

    private static TimeSpan Length(CaptureInfo capture) => TimeSpan.FromTicks((capture.LastAt - capture.FirstAt) / 100);

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
