using System.CommandLine;
using Pressure.Faults;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure chaos status</c>: what is in force, what is left, what runs.</summary>
internal static class StatusCommand
{
    public static Command Create(TimeProvider time)
    {
        var json = SharedOptions.Json();
        var command = new Command("status", "What is in force on this machine, what could not be undone, which experiments run, whether everything is halted") { json };
        command.SetAction((parsed, stop) => ChaosPlace.RunAsync(time, parsed.GetValue(json), async (place, output) =>
        {
            // Whoever looks also makes sure that somebody looks after what a crash or a reboot left.
            await new WatchdogProcess(place.Folder, time).EnsureIfNeededAsync();
            return output.Status(place, await NetworkCapabilities.DetectAsync(stop));
        }));
        return command;
    }
}
