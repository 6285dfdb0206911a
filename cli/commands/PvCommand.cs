using System.CommandLine;
using System.Text.Json;
using Pressure.Cli.ConsoleOutput;
using Pressure.LoadGen;
using Pressure.Reports;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure pv</c>: page views to requests per second, with the arithmetic shown.</summary>
internal static class PvCommand
{
    public static Command Create()
    {
        var perDay = new Argument<double>("PER-DAY") { Description = "Page views a day, e.g. 3000000" };
        var share = new Option<double>("--share") { Description = "Percent of the day's views that fall into the busy window", DefaultValueFactory = _ => 80 };
        var window = new Option<double>("--window") { Description = "The busy window, in percent of the day", DefaultValueFactory = _ => 20 };
        var hours = new Option<double?>("--window-hours") { Description = "The busy window in hours, instead of --window" };
        var day = new Option<double>("--day-hours") { Description = "Length of the day that is looked at, in hours", DefaultValueFactory = _ => 24 };
        var requests = new Option<double>("--requests-per-page") { Description = "Requests that one page view causes", DefaultValueFactory = _ => 1 };
        var eventFactor = new Option<double>("--event") { Description = "Multiplier for an event", DefaultValueFactory = _ => 1 };
        var perMachine = new Option<double?>("--per-machine") { Description = "Requests per second that one machine carries, to count machines" };
        var json = SharedOptions.Json();
        var command = new Command("pv", "Work out requests per second from page views a day") { perDay, share, window, hours, day, requests, eventFactor, perMachine, json };
        command.SetAction(parsed =>
        {
            var dayHours = parsed.GetValue(day);
            var views = new PageViews
            {
                PerDay = parsed.GetValue(perDay),
                Share = parsed.GetValue(share) / 100,
                Day = TimeSpan.FromHours(InDay(dayHours) ? dayHours : 0),
                Window = parsed.GetValue(hours) is { } h ? h / dayHours : parsed.GetValue(window) / 100,
                RequestsPerPage = parsed.GetValue(requests),
                Event = parsed.GetValue(eventFactor),
                PerMachine = parsed.GetValue(perMachine),
            };
            var problems = PageViewProblems(views);
            if (problems.Count > 0)
            {
                foreach (var problem in problems)
                    Console.Error.WriteLine(problem);
                return ExitCodes.InvalidInput;
            }
            var derived = views.Derive();
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(derived, ReportJson.Indented));
            else
                PageViewText.Write(derived, Console.Out);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static bool InDay(double hours) => hours is > 0 and <= 24;

    private static List<string> PageViewProblems(PageViews views)
    {
        var problems = new List<string>();
        Require(views.PerDay is > 0 and <= 1e13, "PER-DAY must be above 0 (and at most 10^13).");
        Require(views.Share is > 0 and <= 1, "--share must be above 0 and at most 100 percent.");
        Require(views.Day > TimeSpan.Zero, "--day-hours must be above 0 and at most 24.");
        Require(views.Window * views.Day.TotalSeconds >= 1 && views.Window <= 1, "The busy window must be from one second to the whole day (--window in percent, or --window-hours).");
        Require(views.RequestsPerPage is > 0 and <= 10_000, "--requests-per-page must be above 0 and at most 10,000.");
        Require(views.Event is > 0 and <= 10_000, "--event must be above 0 and at most 10,000.");
        Require(views.PerMachine is null or (>= 0.01 and <= 1e9), "--per-machine must be from 0.01 to 10^9.");
        if (problems.Count == 0)
            Require((views with { PerMachine = null }).Derive().TargetQps <= PlanLimits.HighestRate, $"That comes to more than {PlanLimits.HighestRate:N0} requests per second.");
        return problems;

        void Require(bool holds, string problem)
        {
            if (!holds)
                problems.Add(problem);
        }
    }
}
