using System.Globalization;
using Pressure.Faults;

namespace Pressure.Striker;

/// <summary>
/// Strikes, kills itself or parts of it, and counts what is left:
/// <code>
/// control STATE NOTES LEASE-MS SECONDS COUNT   a controller: COUNT faults at once, each for so many seconds; tells pids and handles a line each; input ends it
/// kills FAULTS LEASE-MS SEED                   G1: controllers or executors killed at random moments
/// all-killed ROUNDS LEASE-MS                   G2: controller and executor killed, then the watchdog too
/// stop TARGETS ROUNDS                          G3: many targets, a stop by each of the ways that there are
/// </code>
/// The last three print a table and end with 1 if a goal is missed.
/// </summary>
internal static class Program
{
    /// <summary>Faults of tests besides those that there are.</summary>
    private static IReadOnlyList<IFault> Catalogue(FaultTools tools) => [.. FaultCatalogue.All(tools), new NoteFault(byProgram: false), new NoteFault(byProgram: true)];

    private static async Task<int> Main(string[] args)
    {
        if (InnerVerbs.TryRun(args, Catalogue) is { } inner)
            return await inner;
        switch (args)
        {
            case ["control", var state, var notes, var lease, var seconds, var count]:
                return await Controller.RunAsync(state, notes, TimeSpan.FromMilliseconds(Number(lease)), TimeSpan.FromSeconds(Number(seconds)), Number(count));
            case ["kills", var faults, var lease, var seed]:
                return await KillRounds.RunAsync(Number(faults), TimeSpan.FromMilliseconds(Number(lease)), new Random(Number(seed)));
            case ["all-killed", var rounds, var lease]:
                return await AllKilledRounds.RunAsync(Number(rounds), TimeSpan.FromMilliseconds(Number(lease)));
            case ["stop", var targets, var rounds]:
                return await StopRounds.RunAsync(Number(targets), Number(rounds));
            default:
                await Console.Error.WriteLineAsync("control STATE NOTES LEASE-MS SECONDS COUNT | kills FAULTS LEASE-MS SEED | all-killed ROUNDS LEASE-MS | stop TARGETS ROUNDS");
                return 2;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
