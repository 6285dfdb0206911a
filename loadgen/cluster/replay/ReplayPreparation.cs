using Pressure.LoadGen;
using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>Opens the captures that a plan replays, and makes of it the plan that is run. All that is wrong is told at once.</summary>
public sealed class ReplayPreparation
{
    /// <summary>Endpoints with figures of their own; all others are one.</summary>
    public const int MostEndpoints = 100;

    // Nobody knows how long a target takes that is pressed as fast as it answers.
    private static readonly TimeSpan LongestOfUnknown = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestListening = TimeSpan.FromSeconds(2);

    private readonly LoadPlan _plan;
    private readonly ReplayOrder _order;
    private readonly string _file;
    private readonly List<PlanProblem> _problems = [];

    private ReplayPreparation(LoadPlan plan, string file) => (_plan, _order, _file) = (plan, ((Load.Replay)plan.Load).Order, file);

    /// <summary>Whether a plan needs to be prepared.</summary>
    public static bool IsNeeded(LoadPlan plan) => plan.Load is Load.Replay;

    /// <summary>Opens a capture's file.</summary>
    /// <param name="path">Ours, pcap, pcapng, HAR or .gor.</param>
    /// <param name="order">For what: raw TCP in files of packets is taken only when it is to be replayed.</param>
    /// <param name="progress">Is told how many bytes of a file have been read.</param>
    /// <param name="stop">Ends it early.</param>
    /// <exception cref="OperationCanceledException">It was told to stop.</exception>
    public static ICaptureReader OpenFile(string path, ReplayOrder order, Action<string, long>? progress = null, CancellationToken stop = default) =>
        CaptureFile.Open(path, new() { Conversations = new() { KeepRaw = order.Tcp }, Progress = progress, Stop = stop });

    /// <summary>Opens the captures of a plan.</summary>
    public static PreparedReplay? Open(LoadPlan plan, string file, out IReadOnlyList<PlanProblem> problems) =>
        Open(plan, file, path => OpenFile(path, ((Load.Replay)plan.Load).Order), out problems);

    /// <summary>Prepares a plan.</summary>
    /// <param name="plan">A replay.</param>
    /// <param name="file">The plan's file, as problems name it.</param>
    /// <param name="open">Opens a capture; throws <see cref="IOException"/>, <see cref="UnauthorizedAccessException"/> or <see cref="InvalidDataException"/> when it can't.</param>
    /// <param name="problems">What is wrong; empty if nothing.</param>
    /// <returns>The replay, to be disposed of; null with problems.</returns>
    public static PreparedReplay? Open(LoadPlan plan, string file, Func<string, ICaptureReader> open, out IReadOnlyList<PlanProblem> problems)
    {
        var preparation = new ReplayPreparation(plan, file);
        var prepared = preparation.Prepare(open);
        problems = preparation._problems;
        return prepared;
    }

    /// <summary>Prepares a plan whose requests pass somewhere meanwhile: listens for a moment, so that what is asked for often has figures of its own. Nothing of it is lost.</summary>
    /// <param name="plan">A replay.</param>
    /// <param name="file">The plan's file, as problems name it.</param>
    /// <param name="traffic">The sources; they become the replay's, with problems they are disposed of.</param>
    /// <param name="stop">Ends it early.</param>
    /// <param name="problems">What is wrong; empty if nothing.</param>
    public static PreparedReplay? Listen(LoadPlan plan, string file, LiveTraffic traffic, CancellationToken stop, out IReadOnlyList<PlanProblem> problems)
    {
        var preparation = new ReplayPreparation(plan, file);
        PreparedReplay? prepared = null;
        try
        {
            preparation.CheckComparison();
            if (preparation._problems.Count == 0)
                prepared = preparation.Listen(traffic, stop);
        }
        finally
        {
            if (prepared is null)
                traffic.Dispose();
        }

        problems = preparation._problems;
        return prepared;
    }

    private PreparedReplay? Listen(LiveTraffic traffic, CancellationToken stop)
    {
        // Shorter than the delay, so that the run begins before the first request is due.
        traffic.Listen((_order.Live!.Delay < LongestListening ? _order.Live.Delay : LongestListening) * 0.75, stop);
        stop.ThrowIfCancellationRequested();
        var job = new ReplayJob { Order = _order, Live = traffic, Captures = traffic.Readers, Endpoints = ReplayEndpoints.OfLive(traffic.Endpoints, _order), Target = _plan.Target, Seed = _plan.Seed };
        var scan = ReplayScan.Nothing(job.Endpoints.Count);
        return Checked(job, scan) is { } plan ? new(plan, job, scan) : null;
    }

    private PreparedReplay? Prepare(Func<string, ICaptureReader> open)
    {
        CheckComparison();
        var captures = new List<ICaptureReader>();
        PreparedReplay? prepared = null;
        try
        {
            OpenAll(open, captures);
            return prepared = Prepare(captures);
        }
        finally
        {
            foreach (var capture in prepared is null ? captures : [])
                capture.Dispose();
        }
    }

    private PreparedReplay? Prepare(List<ICaptureReader> captures)
    {
        var job = new ReplayJob { Order = _order, Captures = captures, Endpoints = ReplayEndpoints.Of(captures, _order), Target = _plan.Target, Seed = _plan.Seed };
        return _problems.Count == 0 && Scan(job) is { } scan && Checked(job, scan) is { } plan ? new(plan, job, scan) : null;
    }

    private void OpenAll(Func<string, ICaptureReader> open, List<ICaptureReader> captures)
    {
        for (var i = 0; i < _order.Captures.Count; i++)
        {
            var path = _order.Captures[i];
            try
            {
                var capture = open(path);
                captures.Add(capture);
                if (capture.Info.Exchanges == 0)
                    Report(i, $"'{path}' holds no request", "Capture traffic of HTTP, or name another file.");
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                Report(i, $"there is no file '{path}'", "Check the path; it counts from the plan's folder.");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or NotSupportedException)
            {
                Report(i, Directory.Exists(path) ? $"'{path}' is a folder" : $"'{path}' can't be read: {e.Message.TrimEnd('.')}", "Name a capture of ours, a pcap or pcapng file, a HAR or a .gor file.");
            }
        }
    }

    private ReplayScan? Scan(ReplayJob job)
    {
        try
        {
            var scan = ReplayScan.Of(job);
            if (scan is not { IsWhole: true, Replayed: 0 })
                return scan;
            var skipped = scan.Skipped.Count == 0 ? "they hold none that can be read" : $"skipped are {string.Join(", ", scan.Skipped.Select(s => $"{s.Value:N0} ({s.Key})"))}";
            ReportAll($"nothing of the captures would be sent: {skipped}", RemedyFor(scan.Skipped.Select(s => s.Key).FirstOrDefault("")));
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            ReportAll($"the captures can't be read: {e.Message.TrimEnd('.')}", "Make the capture again.");
        }

        return null;
    }

    private LoadPlan? Checked(ReplayJob job, ReplayScan scan)
    {
        var requests = job.Captures.Sum(c => c.Info.Exchanges);
        var asked = scan.IsWhole && _order.Rate is not null ? scan.Replayed : requests;
        var length = _order.Duration ?? (job.Live is null && ReplayTimes.LengthOf(_order, job.Length, asked) is { } known ? Rounded(known) : LongestOfUnknown);
        if (length > PlanLimits.LongestDuration)
            ReportAll($"the replay would last {length.TotalDays:N0} days, longer than {PlanLimits.LongestDuration.TotalDays:N0}", "Replay it faster or less often, or give load.duration.");
        else if (_plan.WarmUp >= length)
            Add("load.warmUp", "is not shorter than the whole replay", "Shorten the warm-up, or replay more.");
        if (_problems.Count > 0)
            return null;
        var load = new Load.Replay(_order) { Counts = scan.Counts(_order), Rates = scan.Rates(_order, job.Length, requests, length) };
        var plan = _plan with { Load = load, Duration = length, Scenarios = [new Scenario("replay", 1, ReplayEndpoints.Requests(job.Endpoints, _plan.Target))] };
        CheckThresholds(plan);
        foreach (var experiment in plan.Chaos.Where(e => e.At >= length))
            _problems.Add(new(_file, experiment.Place.Line, experiment.Place.Column, experiment.Place.Field, $"the replay is over by then: it lasts {length.TotalSeconds:0.#} s", "Let it begin earlier."));
        return _problems.Count == 0 ? plan : null;
    }

    private void CheckThresholds(LoadPlan plan)
    {
        var requests = Workload.Of(plan).Requests();
        foreach (var (i, threshold) in plan.Thresholds.Index())
        {
            if (threshold.WhyNotApplicable(requests) is { } why)
                Add($"thresholds[{i}]", $"'{threshold}' looks at nothing", why + ".");
        }

        foreach (var (i, rule) in plan.Abort.Index())
        {
            if (rule.When.WhyNotApplicable(requests) is { } why)
                Add($"abort[{i}].when", $"'{rule.When}' looks at nothing", why + ".");
        }
    }

    private void CheckComparison()
    {
        if (_order.Compare is not { } compare)
            return;
        ComparisonRules.Read(compare.Ignore, out var wrong);
        foreach (var problem in wrong)
            Add($"load.replay.compare.ignore[{problem.Position}]", problem.What.TrimEnd('.'), problem.Remedy);
    }

    private static TimeSpan Rounded(TimeSpan length) => TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling((length.Ticks + 1) / (double)TimeSpan.TicksPerSecond)));

    private static string RemedyFor(string reason) => reason switch
    {
        "method" => "Name the methods that may be replayed, such as methods: [ POST ] or --method POST; they may write.",
        "tcp" => "Write tcp: true (--tcp) to replay raw TCP in lock-step; it may write.",
        "filtered" => "Check hosts, paths and except against what the capture holds (pressure capture show).",
        "share" => "Take a larger share.",
        _ => "Capture whole requests (with a snap length of 0), or name another capture.",
    };

    private void Report(int capture, string message, string remedy)
    {
        var (line, column, field) = capture < _order.Places.Count ? _order.Places[capture] : (1, 1, "load.replay.capture");
        _problems.Add(new(_file, line, column, field, message, remedy));
    }

    private void ReportAll(string message, string remedy)
    {
        var (line, column, _) = _order.Places.Count > 0 ? _order.Places[0] : (1, 1, "");
        _problems.Add(new(_file, line, column, "load.replay", message, remedy));
    }

    private void Add(string field, string message, string remedy) => _problems.Add(new(_file, 1, 1, field, message, remedy));
}
