namespace Pressure.Reports;

/// <summary>The service of a chain that gives way first: it fails most, or else answers slowest by a clear margin.</summary>
internal sealed record WeakestService(string Name, Sentence Sentence)
{
    /// <summary>Failing shares closer than this tell nothing.</summary>
    private const double FailingMargin = 0.001;

    /// <summary>How many times slower than the next (95th percentile) is a clear margin.</summary>
    private const double SlowerMargin = 1.25;

    /// <summary>The weakest, or null when there is only one service or none stands out.</summary>
    public static WeakestService? Find(MeasuredRun run)
    {
        var services = run.Manifest.Requests.Select(r => r.Service).Distinct()
            .Select(name => (Name: name, Total: run.Total(r => r.Service == name)))
            .Where(s => s.Total.Ok + s.Total.Failed > 0)
            .Select(s => (s.Name, Failing: (double)s.Total.Failed / (s.Total.Ok + s.Total.Failed), P95: Durations.Milliseconds(s.Total.ResponseTime.Percentile(95))))
            .ToList();
        if (services.Count < 2)
            return null;
        var failing = services.OrderByDescending(s => s.Failing).ToList();
        if (failing[0].Failing > failing[1].Failing + FailingMargin)
            return new(failing[0].Name, new Sentence("weakest.failing", failing[0].Name, Figures.Share(failing[0].Failing), Figures.Share(failing[1].Failing)));
        var slow = services.OrderByDescending(s => s.P95).ToList();
        return slow[0].P95 > slow[1].P95 * SlowerMargin
            ? new(slow[0].Name, new Sentence("weakest.slow", slow[0].Name, Figures.Duration(slow[0].P95), Figures.Duration(slow[1].P95)))
            : null;
    }
}
