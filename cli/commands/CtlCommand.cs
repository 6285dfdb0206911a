using System.CommandLine;
using Pressure.Cli.ConsoleOutput;
using Pressure.Cluster;
using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure ctl</c>: looks at a test that is running on this machine, and changes it.</summary>
internal static class CtlCommand
{
    public static Command Create(TimeProvider time)
    {
        var rate = new Argument<string>("RATE") { Description = "500/s, 30/min, a share of the plan such as 150%, or plan" };
        var users = new Argument<string>("USERS") { Description = "A number of users such as 50, or plan" };
        var now = new Option<bool>("--now") { Description = "Do not wait for what is under way" };
        var mark = new Argument<string>("MARK") { Description = string.Join(", ", TimelineEvent.Marked.Words) };
        var note = new Option<string?>("--note") { Description = "What to add", HelpName = "TEXT" };
        return new Command("ctl", "Steer a running test: change its rate or users, pause, resume, stop, mark")
        {
            Part("status", "How the test goes on", time, _ => new ControlRequest("status")),
            Part("rate", "Change the requests per second", time, parsed => new("rate", parsed.GetValue(rate)), rate),
            Part("users", "Change the number of users of a closed load", time, parsed => new("users", parsed.GetValue(users)), users),
            Part("pause", "Start nothing more until resumed; the plan's clock goes on", time, _ => new ControlRequest("pause")),
            Part("resume", "End a pause", time, _ => new ControlRequest("resume")),
            Part("stop", "End the load; what is under way may finish. Reports are written", time, parsed => new(parsed.GetValue(now) ? "stop-now" : "stop"), now),
            Part("mark", "Note on the timeline how far the answer to a disturbance is", time, parsed => new("mark", parsed.GetValue(mark), parsed.GetValue(note)), mark, note),
        };
    }

    private static Command Part(string name, string description, TimeProvider time, Func<ParseResult, ControlRequest> request, params Symbol[] own)
    {
        var run = new Option<string?>("--run") { Description = "Which test: its run id or its run folder; may be left away while only one is running", HelpName = "ID|DIR" };
        var runs = new Option<string>("--runs") { Description = "Folder of the runs", HelpName = "DIR", DefaultValueFactory = _ => "runs" };
        var json = SharedOptions.Json();
        var command = new Command(name, description) { run, runs, json };
        foreach (var symbol in own)
        {
            if (symbol is Argument argument)
                command.Arguments.Add(argument);
            else
                command.Options.Add((Option)symbol);
        }
        command.SetAction((parsed, stop) => SteerAsync(request(parsed), parsed.GetValue(run), parsed.GetRequiredValue(runs), new RunOutput(parsed.GetValue(json), quiet: false), time, stop));
        return command;
    }

    private static async Task<int> SteerAsync(ControlRequest request, string? run, string runs, RunOutput output, TimeProvider time, CancellationToken stop)
    {
        if (request.Do is "rate" or "users" && SteeringText.Parse(request.Do, request.Value) is { Change: null } wish)
            return output.Invalid($"{wish.Problem}.", wish.Remedy);
        if (request.Do == "mark" && MarkText.WhyNot(request.Value, request.Note) is { } why)
            return output.Invalid(why, $"Mark one of {string.Join(", ", TimelineEvent.Marked.Words)}.");
        var found = RunningTest.Find(run, runs);
        if (found.Folder is not { } folder)
            return output.Invalid(found.Problem, found.Remedy);
        var reply = await new RunControl(time).TellAsync(folder, request, stop);
        if (reply is null)
            return output.Invalid($"The run in {folder} is over, or can't be reached by you.", "Only who started a run can steer it, on the same machine.");
        if (!reply.Ok)
            return output.Invalid(reply.Problem ?? "The run refused it.", reply.Remedy ?? "");
        output.Steered(request, reply);
        return ExitCodes.Ok;
    }
}
