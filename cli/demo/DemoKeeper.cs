using System.Diagnostics;
using Pressure.Faults;

namespace Pressure.Cli.Demo;

/// <summary>
/// The process that holds what a demo in containers needs, and clears it all away when the pipe from the demo closes, however the demo ended: first what is in
/// force is let be undone, then the shop's containers go, then the engine if it was started for this, then the folder.
/// </summary>
/// <remarks>One way for every end: a demo that is done, is interrupted, or is killed closes the same pipe.</remarks>
internal static class DemoKeeper
{
    /// <summary>The hidden command by which the demo starts it.</summary>
    public const string Command = "demo-keeper";

    private const string Ready = "ready ", Failed = "failed ";

    /// <summary>Faults of a lost controller are undone when their lease is over; the watchdog takes its time too.</summary>
    private static readonly TimeSpan UndoingTakes = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>Where faults of the demo are journalled.</summary>
    public static string StateOf(string place) => Path.Combine(place, "state");

    /// <summary>Holds an engine until standard input ends. Tells on standard output which, or why there is none.</summary>
    /// <param name="place">The demo's folder.</param>
    /// <param name="shop">What its containers' names begin with.</param>
    public static async Task<int> RunAsync(string place, string shop)
    {
        using var over = new CancellationTokenSource();
        // On a thread of its own: reading from a pipe blocks.
        var demo = Task.Factory.StartNew(() =>
        {
            while (Console.In.Read() >= 0)
            {
                // What it says does not matter, only that it is there.
            }
            over.Cancel();
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            await using var engine = await DemoEngine.StartAsync(over.Token);
            await TellAsync(Ready + engine.Socket);
            await demo;
            await UntilUndoneAsync(place);
            await ContainedShop.ClearAsync(engine.Socket, shop);
        }
        catch (Exception e) when (e is IOException or DockerException or OperationCanceledException)
        {
            await TellAsync(Failed + e.Message.ReplaceLineEndings(" "));
        }
        finally
        {
            await RemoveAsync(place);
        }
        return ExitCodes.Ok;
    }

    /// <summary>What a keeper said: the socket of its engine.</summary>
    /// <exception cref="IOException">It has none; the message says why.</exception>
    public static string SocketOf(string? said) => said switch
    {
        not null when said.StartsWith(Ready, StringComparison.Ordinal) => said[Ready.Length..],
        not null when said.StartsWith(Failed, StringComparison.Ordinal) => throw new IOException(said[Failed.Length..]),
        _ => throw new IOException("No container engine could be started."),
    };

    private static async Task TellAsync(string line)
    {
        try
        {
            await Console.Out.WriteLineAsync(line);
        }
        catch (IOException)
        {
            // Nobody is there to hear it any more.
        }
    }

    private static async Task UntilUndoneAsync(string place)
    {
        var journal = new FaultJournal(StateOf(place));
        for (var start = Stopwatch.GetTimestamp(); !journal.IsEmpty && Stopwatch.GetElapsedTime(start) < UndoingTakes;)
            await Task.Delay(Look);
    }

    private static async Task RemoveAsync(string place)
    {
        // An executor or a watchdog may write its last file meanwhile.
        for (var attempt = 0; Directory.Exists(place) && attempt < 20; attempt++)
        {
            try
            {
                Directory.Delete(place, recursive: true);
            }
            catch (IOException)
            {
                await Task.Delay(Look);
            }
        }
    }
}
