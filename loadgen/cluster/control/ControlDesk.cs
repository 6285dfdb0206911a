using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>Does what a line to a run says.</summary>
internal static class ControlDesk
{
    private const string By = "ctl";

    public static ControlReply Answer(ControlRequest? request, IControlled run) => request?.Do switch
    {
        null => new(false) { Problem = "That is no request.", Remedy = """Send a line such as {"do":"status"}.""" },
        "status" => new(true) { Run = run.Status },
        "stop-now" => run.Stop(By) ? new(true) { Changed = true, Run = run.Status } : Refused(SteeringRefusal.Over, run),
        "mark" => Mark(request, run),
        var what => Steer(SteeringText.Parse(what, request.Value), run),
    };

    private static ControlReply Steer(SteeringWish wish, IControlled run)
    {
        if (wish.Change is null)
            return new(false) { Problem = $"{wish.Problem}.", Remedy = wish.Remedy };
        var result = run.Steer(wish.Change, By);
        return result.IsAccepted
            ? new(true) { Changed = result.Changed, At = result.At.TotalSeconds, Run = run.Status }
            : Refused(result.Refusal, run);
    }

    private static ControlReply Mark(ControlRequest request, IControlled run)
    {
        if (MarkText.WhyNot(request.Value, request.Note) is { } why)
            return new(false) { Problem = why, Remedy = $"Mark one of {string.Join(", ", TimelineEvent.Marked.Words)}." };
        return run.Mark(request.Value!, By, request.Note?.Trim() ?? "") ? new(true) { Changed = true, Run = run.Status } : Refused(SteeringRefusal.Over, run);
    }

    private static ControlReply Refused(SteeringRefusal why, IControlled run)
    {
        var (problem, remedy) = RefusalText.Of(why);
        return new(false) { Problem = problem, Remedy = remedy, Run = run.Status };
    }
}
