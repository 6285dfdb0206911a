using Pressure.Cli.ConsoleOutput;
using Pressure.TrafficCopy;
using Spectre.Console;

namespace Pressure.Cli.Capture;

/// <summary>A bar while files are read, on a terminal.</summary>
internal static class CaptureProgress
{
    /// <summary>Does some work that tells which file it reads, and how many bytes of it have been read.</summary>
    public static T Show<T>(IReadOnlyList<string> files, bool isForPeople, Func<Action<string, long>, T> work)
    {
        if (!isForPeople || Console.IsOutputRedirected || Console.IsErrorRedirected)
            return work((_, _) => { });
        var lengths = files.Distinct().ToDictionary(f => f, f => File.Exists(f) ? new FileInfo(f).Length : 0);
        var read = new Dictionary<string, long>();
        var console = PressureConsole.Create();
        return console.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new TransferSpeedColumn(), new RemainingTimeColumn()).Start(context =>
        {
            var task = context.AddTask("Reading", maxValue: Math.Max(1, lengths.Values.Sum()));
            return work((file, at) =>
            {
                read[file] = Math.Min(at, lengths.GetValueOrDefault(file));
                task.Description = Markup.Escape(Path.GetFileName(file));
                task.Value = read.Values.Sum();
            });
        });
    }

    /// <summary>Captures live, and tells every second what has come, on a terminal.</summary>
    public static LiveCaptureOutcome ShowLive(string name, CaptureAccounts accounts, bool isForPeople, TimeProvider time, Func<LiveCaptureOutcome> work)
    {
        if (!isForPeople || Console.IsOutputRedirected || Console.IsErrorRedirected)
            return work();
        return PressureConsole.Create().Status().Start(Markup.Escape($"Capturing on {name}; Ctrl-C ends it"), context =>
        {
            var (began, second) = (time.GetTimestamp(), TimeSpan.FromSeconds(1));
            using var renewal = time.CreateTimer(_ => context.Status(Markup.Escape(Line(name, time.GetElapsedTime(began), accounts))), null, second, second);
            return work();
        });
    }

    private static string Line(string name, TimeSpan since, CaptureAccounts accounts)
    {
        var dropped = accounts[Happening.DroppedByCapture];
        return $"Capturing on {name} for {since.TotalSeconds:N0} s: {CaptureText.Count(accounts.Packets, "packet")}, {CaptureText.Count(accounts[Happening.Exchange], "exchange")}{(dropped > 0 ? $", {dropped:N0} dropped" : "")}; Ctrl-C ends it";
    }
}
