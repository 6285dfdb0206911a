using Pressure.Record;

namespace Pressure.Reports.Export;

/// <summary>Passes what runs and hosts tell on to any number of sinks, as points that are made once.</summary>
public sealed class MetricExport : IRunSink, IAsyncDisposable
{
    private readonly IReadOnlyList<PointSink> _sinks;
    private readonly ScrapedSeries? _scraped;
    private readonly ExportAccount _betweenRuns = new();

    internal MetricExport(IReadOnlyList<PointSink> sinks, ScrapedSeries? scraped = null) => (_sinks, _scraped) = (sinks, scraped);

    private bool AgentsApart { get; init; }

    /// <summary>How each sink stands, of all runs and hosts together.</summary>
    public IReadOnlyList<SinkState> Sinks => [.. _sinks.Select(s => s.State)];

    /// <summary>Sends to targets; to nowhere if there is none.</summary>
    /// <param name="targets">Where to.</param>
    /// <param name="time">For pauses and limits.</param>
    /// <param name="limits">The bounds of each sink.</param>
    /// <param name="scraped">What <c>/metrics</c> shows; null if nobody scrapes.</param>
    /// <param name="agentsApart">
    /// Whether hosts that have an agent are told of by <see cref="Take(string, IReadOnlyDictionary{string, string}, HostSample, DateTimeOffset)"/>, so
    /// that runs need not tell of them again.
    /// </param>
    public static MetricExport To(IReadOnlyList<ExportTarget> targets, TimeProvider time, SinkLimits? limits = null, ScrapedSeries? scraped = null, bool agentsApart = false) =>
        new([.. targets.Select(t => t.Open(limits ?? new(), time))], scraped) { AgentsApart = agentsApart };

    /// <inheritdoc/>
    public IRunTap Open(RunManifest run) => new RunTap(run, this);

    /// <summary>A sample of a host outside of any run.</summary>
    /// <param name="host">Its name.</param>
    /// <param name="labels">Its labels.</param>
    /// <param name="sample">The sample.</param>
    /// <param name="at">When it was taken (UTC).</param>
    public void Take(string host, IReadOnlyDictionary<string, string> labels, HostSample sample, DateTimeOffset at) => Offer(new HostPoints(host, labels).Of(sample, at));

    /// <summary>A collection outside of any run.</summary>
    /// <inheritdoc cref="Take(string, IReadOnlyDictionary{string, string}, HostSample, DateTimeOffset)"/>
    public void Take(string host, IReadOnlyDictionary<string, string> labels, GcEvent collection, DateTimeOffset at) => Offer(new HostPoints(host, labels).Of(collection, at));

    /// <summary>Ends at once; what is queued is not sent any more.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var sink in _sinks)
            await sink.DisposeAsync();
    }

    private void Offer(IReadOnlyList<MetricPoint> points)
    {
        _scraped?.Take(points);
        foreach (var sink in _sinks)
            sink.Offer(points, _betweenRuns);
    }

    /// <summary>One run's points.</summary>
    private sealed class RunTap(RunManifest run, MetricExport export) : IRunTap
    {
        private static readonly Dictionary<string, string> NoLabels = [];

        private readonly RunPoints _points = new(run);
        private readonly IReadOnlyList<(PointSink Sink, ExportAccount Account)> _accounts = [.. export._sinks.Select(s => (s, new ExportAccount()))];
        private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _agents = run.Agents.ToDictionary(a => a.Name, a => a.Labels);
        private readonly Lock _gate = new();
        private readonly List<TimelineEvent> _events = [];
        private LoadManifest _load = run.Load;

        public IReadOnlyList<ExportedPoints> Counts => [.. _accounts.Select(a => new ExportedPoints(a.Sink.Name, a.Account.Sent, a.Account.Dropped, a.Sink.State.Problem))];

        public void Take(Interval second)
        {
            LoadManifest load;
            lock (_gate)
                load = _load;
            Offer(_points.Of(second, load));
        }

        public void Take(HostSample sample)
        {
            if (IsHere(sample.Host))
                Offer(Host(sample.Host).Of(sample, run.StartedAt + sample.At));
        }

        public void Take(GcEvent collection)
        {
            if (IsHere(collection.Host))
                Offer(Host(collection.Host).Of(collection, run.StartedAt + collection.At));
        }

        public void Take(TimelineEvent what)
        {
            if (what is TimelineEvent.LoadSteered or TimelineEvent.StopRequested)
            {
                lock (_gate)
                {
                    _events.Add(what);
                    _load = SteeredLoad.Of(run.Load, _events);
                }
            }
            Offer(_points.Of(what));
        }

        public async Task EndAsync()
        {
            await Task.WhenAll(_accounts.Select(a => a.Sink.CloseAsync(a.Account)));
            export._scraped?.End(run.Id);
        }

        private bool IsHere(string host) => !export.AgentsApart || !_agents.ContainsKey(host);

        private HostPoints Host(string name) => new(name, _agents.GetValueOrDefault(name) ?? NoLabels);

        private void Offer(IReadOnlyList<MetricPoint> points)
        {
            export._scraped?.Take(points);
            foreach (var (sink, account) in _accounts)
                sink.Offer(points, account);
        }
    }
}
