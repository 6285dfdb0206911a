using System.Globalization;
using Pressure.Faults;

namespace Pressure.Striker;

/// <summary>
/// Strikes, kills itself or parts of it, and counts what is left:
/// <code>
/// control STATE ORDERS LEASE-MS SECONDS SOCKET   a controller: all orders at once, each for so many seconds; tells pids and handles a line each; input ends it
/// kills FAULTS LEASE-MS SEED                     G1: controllers or executors killed at random moments
/// kills-containers FAULTS LEASE-MS SEED          the same with containers of an engine of its own
/// all-killed ROUNDS LEASE-MS                     G2: controller and executor killed, then the watchdog too
/// kernel ROUNDS LEASE-MS                         G2: all three killed, and what ends by itself
/// stop KIND TARGETS ROUNDS                       G3: many targets, a stop by each of the ways that there are
/// </code>
/// All but the first print a table and end with 1 if a goal is missed. They need root.
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
            case ["control", var state, var orders, var lease, var seconds, var socket]:
                return await Controller.RunAsync(state, orders, Milliseconds(lease), TimeSpan.FromSeconds(Number(seconds)), socket);
            case ["kills", var faults, var lease, var seed]:
                await using (var place = Place.Mixed())
                    return await KillRounds.RunAsync(place, Number(faults), Milliseconds(lease), new Random(Number(seed)));
            case ["kills-containers", var faults, var lease, var seed]:
                await using (var place = await Place.ContainersAsync(8))
                    return await KillRounds.RunAsync(place, Number(faults), Milliseconds(lease), new Random(Number(seed)));
            case ["all-killed", var rounds, var lease]:
                return await AllKilledRounds.RunAsync(Number(rounds), Milliseconds(lease));
            case ["kernel", var rounds, var lease]:
                return await KernelRounds.RunAsync(Number(rounds), Milliseconds(lease));
            case ["stop", var kind, var targets, var rounds]:
                return await StopRounds.RunAsync(kind, Number(targets), Number(rounds));
            default:
                await Console.Error.WriteLineAsync("control STATE ORDERS LEASE-MS SECONDS SOCKET | kills FAULTS LEASE-MS SEED | kills-containers FAULTS LEASE-MS SEED | all-killed ROUNDS LEASE-MS | kernel ROUNDS LEASE-MS | stop KIND TARGETS ROUNDS");
                return 2;
        }
    }

    private static TimeSpan Milliseconds(string text) => TimeSpan.FromMilliseconds(Number(text));

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
