using Pressure.Cli.ConsoleOutput;
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
}
