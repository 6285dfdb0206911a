using System.CommandLine;
using Pressure.Faults;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure chaos halt-all</c> and <c>resume</c>: the global stop.</summary>
internal static class HaltAllCommand
{
    public static Command Create(TimeProvider time)
    {
        var why = new Option<string>("--why") { Description = "The reason, for those who meet the stop", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        var json = SharedOptions.Json();
        var command = new Command("halt-all", "Undo everything and strike nothing any more, until 'resume'. Outranks everything; works without the service") { why, json };
        command.SetAction((parsed, _) => ChaosPlace.RunAsync(time, parsed.GetValue(json), (place, output) =>
        {
            place.Halt.Set(new Halt(ChaosPlace.By, time.GetUtcNow(), parsed.GetValue(why)!));
            output.Say(place.Halt.Read()!.ToString());
            return place.RevertAsync(_ => true, "halt-all", output);
        }));
        return command;
    }

    public static Command CreateResume(TimeProvider time)
    {
        var json = SharedOptions.Json();
        var command = new Command("resume", "Lift the global stop of 'halt-all'; what was undone stays undone") { json };
        command.SetAction((parsed, _) => ChaosPlace.RunAsync(time, parsed.GetValue(json), (place, output) =>
        {
            var lifted = place.Halt.Lift();
            return Task.FromResult(output.Resumed(lifted));
        }));
        return command;
    }
}
