using System.CommandLine;
using Pressure.Cli.ConsoleOutput;
using Pressure.Faults;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure chaos revert</c>: undoes faults now, whoever applied them.</summary>
internal static class RevertCommand
{
    public static Command Create(TimeProvider time)
    {
        var handle = new Option<string?>("--handle") { Description = "Only this fault (see: pressure chaos status)", HelpName = "HANDLE" };
        var json = SharedOptions.Json();
        var command = new Command("revert", "Undo every fault that is in force on this machine, or was left over. Works without the service") { handle, json };
        command.SetAction((parsed, _) => ChaosPlace.RunAsync(time, parsed.GetValue(json), (place, output) => RevertAsync(place, parsed.GetValue(handle), output)));
        return command;
    }

    private static async Task<int> RevertAsync(ChaosPlace place, string? handle, ChaosOutput output)
    {
        if (handle is null)
            return await place.RevertAsync(_ => true, "revert", output);
        if (!FaultHandle.IsHandle(handle))
            return output.Invalid($"'{handle}' is no handle of a fault.", "Handles are 12 hex digits; see: pressure chaos status");
        if (place.Journal.Has(handle))
            return await place.RevertAsync(i => i.Handle == handle, "revert", output);
        return place.Journal.EndOf(handle) is { } ended
            ? output.Reverted([ended], [])
            : output.Invalid($"No fault {handle} is known on this machine.", "See: pressure chaos status");
    }
}
