namespace Pressure.LoadGen.Importing;

/// <summary>
/// Derives the load from a log's clock: page views of the busiest hour's day, the hour's share of them, and the requests that one page
/// view causes in it. So QPS = PV x requestsPerPage x share / window is exactly the mean rate of the busiest hour.
/// </summary>
internal static class LogLoad
{
    private const string PageRule = "GET answered 2xx or 304, no file by its extension, not below /api, /rest, /graphql or /static";

    // More is no page any more but a service without pages.
    private const long MostRequestsPerPage = 1_000;

    public static FoundLoad Derive(LogClock clock, ImportScope scope)
    {
        var hour = clock.Hours.OrderByDescending(h => h.Requests).ThenBy(h => h.Start.Utc).First();
        var day = clock.Hours.Where(h => h.Start.LocalDay == hour.Start.LocalDay).ToList();
        var views = day.Sum(h => h.Pages);
        var window = Covered(clock, hour);
        var busiest = clock.Hours.OrderByDescending(h => h.Busiest.Requests).ThenBy(h => h.Start.Utc).First();
        var peak = busiest.Start with { Utc = busiest.Start.Utc + busiest.Busiest.Second };

        scope.Note($"The log spans {At(clock.First)} to {At(clock.Last)}.");
        if (clock.Offsets.Count > 1)
            scope.Note($"It is written in {clock.Offsets.Count} time zones; days and hours are those of each line.");
        scope.Note($"Page views of {hour.Start.Local:yyyy-MM-dd}: {views:N0} ({PageRule}).");
        if (Covered(clock, day) is var hours and < 23)
            scope.Note($"The log holds {hours:0.#} hours of that day, so a whole day has more page views.");
        scope.Note($"Busiest hour: {hour.Start.Local:yyyy-MM-dd HH:mm} {hour.Start.Zone} with {hour.Requests:N0} requests and {hour.Pages:N0} page views: {(double)hour.Requests / window:0.##} requests per second.");
        if (window < 3_600)
            scope.Note($"The log covers {window:N0} s of that hour; the rate is the mean over them.");
        scope.Note($"Busiest second: {peak.Local:yyyy-MM-dd HH:mm:ss} {peak.Zone} with {busiest.Busiest.Requests:N0} requests{(scope.Options.Peak ? ", which is the load" : "; --peak asks for that rate")}.");

        if (scope.Options.Peak)
            return new(null, $"{busiest.Busiest.Requests}/s");
        if (hour.Pages * MostRequestsPerPage < hour.Requests)
        {
            scope.Note("The busiest hour has next to no page views, so the load is its rate of requests.");
            return new(null, window == 3_600 ? $"{hour.Requests}/h" : $"{hour.Requests}/{window}s");
        }
        return new(new(
            $"{views}",
            $"{Down(100m * hour.Pages / views):0.########}%",
            window == 3_600 ? "1h" : $"{window}s",
            RequestsPerPage: $"{Down((decimal)hour.Requests / hour.Pages):0.########}"), null);
    }

    // Rounded down, since the plan rounds the rate up: the two must not add up to one request more.
    private static decimal Down(decimal value) => Math.Floor(value * 100_000_000m) / 100_000_000m;

    /// <summary>Seconds of an hour that the log covers.</summary>
    private static long Covered(LogClock clock, LogHour hour) =>
        Math.Min(hour.Start.Utc + 3_600, clock.Last.Utc + 1) - Math.Max(hour.Start.Utc, clock.First.Utc);

    private static double Covered(LogClock clock, List<LogHour> day) =>
        (Math.Min(day.Max(h => h.Start.Utc) + 3_600, clock.Last.Utc + 1) - Math.Max(day.Min(h => h.Start.Utc), clock.First.Utc)) / 3_600.0;

    private static string At(LogTime time) => $"{time.Local:yyyy-MM-dd HH:mm:ss} {time.Zone}";
}
