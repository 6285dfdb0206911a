using System.CommandLine;
using Pressure.Chaos;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure chaos approvals</c>, <c>approve</c> and <c>reject</c>: a second person's word for what is risky.</summary>
internal static class ApprovalsCommand
{
    public static Command Create(TimeProvider time)
    {
        var json = SharedOptions.Json();
        var command = new Command("approvals", "List requests for a second person's approval") { json };
        command.SetAction((parsed, stop) => GuardPlace.RunAsync(time, parsed.GetValue(json), async (place, output) => output.Approvals(await place.Book.ApprovalsAsync(stop))));
        return command;
    }

    public static Command CreateApprove(TimeProvider time) =>
        Decide(time, "approve", "Approve what somebody else has asked for", "approved", (book, id, by, stop) => book.ApproveAsync(id, by, stop));

    public static Command CreateReject(TimeProvider time) =>
        Decide(time, "reject", "Reject what somebody has asked for", "rejected", (book, id, by, stop) => book.RejectAsync(id, by, stop));

    private static Command Decide(TimeProvider time, string name, string description, string done, Func<GuardBook, string, string, CancellationToken, Task<string?>> decide)
    {
        var id = new Argument<string>("ID") { Description = "The request, as 'chaos approvals' lists it" };
        var (by, json) = (GuardPlace.By(), SharedOptions.Json());
        var command = new Command(name, description) { id, by, json };
        command.SetAction((parsed, stop) => GuardPlace.RunAsync(time, parsed.GetValue(json), async (place, output) =>
            await decide(place.Book, parsed.GetRequiredValue(id), parsed.GetRequiredValue(by), stop) is { } wrong ? output.Wrong(wrong, "", ExitCodes.Refused) : output.Done($"Request {parsed.GetValue(id)} is {done}.")));
        return command;
    }
}
