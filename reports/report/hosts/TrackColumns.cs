using Pressure.Record;

namespace Pressure.Reports;

/// <summary>Turns tracks into tables for charts.</summary>
internal static class TrackColumns
{
    /// <summary>Figures of workers.</summary>
    public const string Rate = "rate", Late = "late";

    private static readonly string[] HostFigures =
        ["busy", "user", "system", "ioWait", "steal", "load1", "load5", "load15", "running", "memory", "swapShare", "networkIn", "networkOut", "diskRead", "diskWrite", "retransmits"];

    private static readonly string[] ContainerFigures = ["cpu", "cpuShare", "cpuLimit", "throttled", "memory", "memoryShare", "memoryLimit", "networkIn", "networkOut"];

    private static readonly string[] ProcessFigures = ["cpu", "cpuShare", "rss", "memoryShare", "heap", "allocated"];

    public static TrackTable Of(string name, HostTrack host, TimeGrid grid)
    {
        var columns = Columns(host, HostFigures, grid);
        // Under the names that containers and processes have, to be drawn beside them.
        if (host.Service is not null && columns.TryGetValue("busy", out var busy) && columns.TryGetValue("memory", out var memory))
            (columns["cpuShare"], columns["memoryShare"]) = (busy, memory);
        columns.Remove("busy");
        return new(name, columns);
    }

    public static TrackTable Of(string name, ContainerTrack container, TimeGrid grid) => new(name, Columns(container, ContainerFigures, grid));

    public static TrackTable Of(string name, ProcessTrack process, TimeGrid grid)
    {
        var columns = Columns(process, ProcessFigures, grid);
        if (process.IsListenedTo)
            columns["stopped"] = grid.Highest(process.StoppedIn);
        if (process.Gc is { } gc)
        {
            columns["pause"] = grid.Highest(s => gc.In(s) is { } told && Math.Max(told.Longest, told.Full) is > 0 and var longest ? longest : null);
            columns["full"] = grid.Highest(s => gc.In(s) is { Full: > 0 and var full } ? full : null);
        }
        return new(name, columns);
    }

    /// <summary>Response times of a service by second.</summary>
    public static TrackTable Of(string service, RunRecord run, TimeGrid grid)
    {
        var bySecond = ServiceTimes.Of(run, r => r.Service == service).ToDictionary(t => t.Second);
        return new(service, new Dictionary<string, IReadOnlyList<double?>>
        {
            ["p50"] = Column(t => t.P50),
            ["p95"] = Column(t => t.P95),
            ["p99"] = Column(t => t.P99),
            ["max"] = Column(t => t.Max),
        });

        IReadOnlyList<double?> Column(Func<SecondTimes, double> of) =>
            grid.Highest(s => bySecond.TryGetValue(s, out var times) ? of(times) : null);
    }

    public static TrackTable Of(string name, WorkerTrack worker) => new(name, new Dictionary<string, IReadOnlyList<double?>> { [Rate] = worker.Rates, [Late] = worker.Late });

    public static TrackTable Of(string name, RegionTrack region) => new(name, new Dictionary<string, IReadOnlyList<double?>> { [Rate] = region.Rates });

    private static Dictionary<string, IReadOnlyList<double?>> Columns<T>(Track<T> track, IEnumerable<string> keys, TimeGrid grid)
    {
        var columns = new Dictionary<string, IReadOnlyList<double?>>();
        foreach (var key in keys)
        {
            var (figure, series) = track.Measured.FirstOrDefault(m => m.Figure.Key == key);
            if (series is null)
                continue;
            // Parts of a whole are those of the second in which the whole is most, else they would add up to more than there is.
            var leader = figure.Leader is { } name ? track[name] : null;
            columns[key] = leader is null || grid.Step == 1
                ? grid.Highest(s => Known(series, s))
                : [.. Enumerable.Range(0, grid.Count).Select(p => TimeGrid.Rounded(Known(series, grid.SecondsOf(p).MaxBy(s => Known(leader, s) ?? -1))))];
        }
        return columns;
    }

    private static double? Known(Series series, int second) => series[second] is var value && float.IsNaN(value) ? null : value;
}
