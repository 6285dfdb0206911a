namespace Pressure.Reports;

/// <summary>The workers of one region together.</summary>
internal sealed class RegionTrack(string name, IReadOnlyList<WorkerTrack> workers)
{
    /// <summary>Empty for workers without a region.</summary>
    public string Name => name;

    public int Workers => workers.Count;

    /// <summary>The part (0 to 1) of the load that it began with.</summary>
    public double Share => workers.Sum(w => w.Share);

    public long Asked => workers.Sum(w => w.Asked);

    public long Sent => workers.Sum(w => w.Sent);

    public long NotSent => workers.Sum(w => w.NotSent);

    /// <summary>Requests a second at the points of the run's time axis.</summary>
    public IReadOnlyList<double?> Rates => workers.Select(w => w.Rates).Aggregate((a, b) => [.. a.Zip(b, (x, y) => TimeGrid.Rounded(x + y))]);
}
