using Pressure.LoadGen;

namespace Pressure.Web.Api;

/// <summary>Page views and how they spread over the day. Shares are 0 to 1.</summary>
/// <param name="PerDay">Page views a day.</param>
/// <param name="Share">Share of them that falls in the busy window; 0.8 by default.</param>
/// <param name="Window">The busy window as a share of the day; 0.2 by default. Not together with WindowHours.</param>
/// <param name="WindowHours">The busy window in hours.</param>
/// <param name="DayHours">Length of the day that is looked at; 24 by default.</param>
/// <param name="RequestsPerPage">Requests that one page view causes; 1 by default.</param>
/// <param name="Event">Multiplier for an event; 1 by default.</param>
/// <param name="PerMachine">Requests per second that one machine carries, if known.</param>
internal sealed record PageViewQuestion(
    double? PerDay, double? Share = null, double? Window = null, double? WindowHours = null, double? DayHours = null,
    double? RequestsPerPage = null, double? Event = null, double? PerMachine = null)
{
    private double Day => DayHours ?? 24;

    private double WindowShare => WindowHours is { } hours ? hours / Day : Window ?? 0.2;

    /// <summary>What is wrong, by field; empty when all is right.</summary>
    public IReadOnlyDictionary<string, string> Errors()
    {
        var errors = new Dictionary<string, string>();
        Require("perDay", PerDay is not null && IsWithin(PerDay, 0.001, 1e12), "Give the page views a day, above 0.");
        Require("share", IsWithin(Share, 1e-6, 1), "Give a share above 0 and up to 1: 0.8 for 80 %.");
        Require("dayHours", IsWithin(DayHours, 0.01, 24), "Give hours above 0 and up to 24.");
        Require("windowHours", IsWithin(WindowHours, 0.001, Day) && (WindowHours is null || Window is null), $"Give hours above 0 and up to {Day}, or window instead.");
        Require("window", IsWithin(Window, 1e-6, 1), "Give a share above 0 and up to 1: 0.2 for 20 %.");
        Require("requestsPerPage", IsWithin(RequestsPerPage, 0.001, 10_000), "Give a number above 0 and up to 10,000.");
        Require("event", IsWithin(Event, 0.001, 10_000), "Give a factor above 0 and up to 10,000.");
        Require("perMachine", IsWithin(PerMachine, 1, 1e9), "Give requests per second, 1 or more.");
        return errors;

        void Require(string field, bool holds, string remedy)
        {
            if (!holds)
                errors[field] = remedy;
        }
    }

    /// <summary>Within these limits the exact arithmetic can't overflow.</summary>
    private static bool IsWithin(double? value, double least, double most) => value is null || (value >= least && value <= most);

    public PageViews Views() => new()
    {
        PerDay = PerDay!.Value,
        Share = Share ?? 0.8,
        Day = TimeSpan.FromHours(Day),
        Window = WindowShare,
        RequestsPerPage = RequestsPerPage ?? 1,
        Event = Event ?? 1,
        PerMachine = PerMachine,
    };
}
