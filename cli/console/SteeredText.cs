using Pressure.Cluster;

namespace Pressure.Cli.ConsoleOutput;

/// <summary>What came of a change of a running test, and how the test goes on.</summary>
internal static class SteeredText
{
    public static IEnumerable<string> Lines(ControlRequest request, ControlReply reply)
    {
        if (request.Do != "status")
            yield return reply.Changed ? Done(request, reply) : "It was so already; nothing was changed.";
        if (reply.Run is { } run && request.Do is not ("stop" or "stop-now"))
        {
            yield return $"{run.Id}  {Phase(run)} at {Span(run.At)} of {Span(run.Duration)}";
            yield return $"{run.Target}  {Asked(run)}";
            yield return $"last second: {Figures.Rate(run.Sent)} sent, {Figures.Count(run.Failed)} failed, p95 {Figures.Millis(run.P95)}";
        }
    }

    private static string Done(ControlRequest request, ControlReply reply)
    {
        var from = reply.At is { } at ? $" from {Span(at)} on" : "";
        return request.Do switch
        {
            "pause" => $"Paused{from}.",
            "resume" => $"Resumed{from}.",
            "stop" => "Stopping: nothing more starts, what is under way may finish, then the reports are written.",
            "mark" => $"Marked as {request.Value}.",
            "stop-now" => "Stopped; the reports are being written.",
            _ => $"Changed{from}.",
        };
    }

    private static string Phase(RunStatus run) => run.Phase switch
    {
        RunPhase.Paused => "paused",
        RunPhase.Stopping => "stopping",
        RunPhase.Reporting => "writing reports",
        _ => "running",
    };

    private static string Asked(RunStatus run)
    {
        var asked = run.Users is { } users ? $"{users} users" : $"{Figures.Rate(run.AskedRate ?? 0)} asked";
        return run.Load == "plan" ? asked : $"{asked} (changed to {run.Load})";
    }

    private static string Span(double seconds) => Figures.Span(TimeSpan.FromSeconds(Math.Max(0, seconds)));
}
