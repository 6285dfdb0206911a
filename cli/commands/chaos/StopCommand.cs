using System.CommandLine;
using Pressure.Cli.ConsoleOutput;
using Pressure.Faults;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure chaos stop</c>: ends running experiments, in order.</summary>
internal static class StopCommand
{
    private const string All = "all";
    private static readonly TimeSpan Takes = TimeSpan.FromSeconds(30), Look = TimeSpan.FromMilliseconds(100);

    public static Command Create(TimeProvider time)
    {
        var experiment = new Argument<string>("EXPERIMENT") { Description = "The id of a running experiment (see: pressure chaos status), or all" };
        var json = SharedOptions.Json();
        var command = new Command("stop", "End running experiments: nothing new begins, every fault is undone, rollbacks are done") { experiment, json };
        command.SetAction((parsed, stop) => ChaosPlace.RunAsync(time, parsed.GetValue(json), (place, output) => StopAsync(place, parsed.GetRequiredValue(experiment), output, stop)));
        return command;
    }

    private static async Task<int> StopAsync(ChaosPlace place, string asked, ChaosOutput output, CancellationToken stop)
    {
        var known = Ids(place);
        if (asked != All && !known.Contains(asked))
            return output.Invalid($"No experiment '{asked}' runs on this machine.", known.Count > 0 ? $"There are {string.Join(", ", known)}." : "None runs.");
        var meant = asked == All ? known : [asked];
        foreach (var id in meant)
        {
            place.Experiments.AskToStop(id, ChaosPlace.By);
            await place.TellAsync("stop", id, "asked", "");
        }
        // Its controller undoes its faults, does its rollbacks and ends. Where it does not listen, its executors listen all the same.
        for (var start = place.Time.GetTimestamp(); Ids(place).Overlaps(meant) && place.Time.GetElapsedTime(start) < Takes; await Task.Delay(Look, place.Time, stop))
        {
        }
        var code = await place.RevertAsync(i => meant.Contains(i.Experiment), "controller", output);
        foreach (var id in meant)
            place.Experiments.Forget(id);
        return code == ExitCodes.Ok ? output.Stopped(meant, Ids(place)) : code;
    }

    private static HashSet<string> Ids(ChaosPlace place) =>
        [.. place.Experiments.Read().Select(e => e.Id), .. place.Journal.Read().OfType<JournalEntry.Known>().Select(k => k.Intent.Experiment).Where(e => e.Length > 0)];
}
