namespace Pressure.Reports;

/// <summary>A bar of the picture of phases: means in milliseconds, over all requests of the row; together they are <see cref="Whole"/>.</summary>
internal sealed record PhaseRow(string Name, double Whole, double Generator, double Blocked, double Dns, double Connecting, double Tls, double Sending, double Waiting, double Receiving)
{
    /// <summary>What is not the target's work on the request: everything but waiting, as a share.</summary>
    public double Elsewhere => Whole > 0 ? 1 - Waiting / Whole : 0;
}

/// <summary>The rows of the picture of phases: all requests together, then those that took the most time in all.</summary>
internal static class PhaseRows
{
    /// <summary>Requests shown, at the most.</summary>
    public const int Most = 15;

    // Below this, waiting is all there is to see.
    private const double WorthShowing = 0.05;

    /// <summary>The rows; none when phases were not measured.</summary>
    public static IReadOnlyList<PhaseRow> Of(ReportModel model)
    {
        if (model.Summary.Phases is not { } all)
            return [];
        var requests = model.Summary.ByRequest.Where(r => r.Phases is not null).ToList();
        var shown = requests.OrderByDescending(r => r.ResponseTime.Mean * (r.Ok + r.Failed)).Take(Most).ToHashSet();
        IEnumerable<PhaseRow> rows = [Row(model["phases.all"], all), .. requests.Where(shown.Contains).Select(r => Row(r.Name, r.Phases!))];
        return requests.Count == 1 ? [.. rows.Skip(1)] : [.. rows];
    }

    /// <summary>Whether any row says more than "it waited for the target".</summary>
    public static bool SaySomething(IReadOnlyList<PhaseRow> rows) => rows.Any(r => r.Elsewhere >= WorthShowing);

    private static PhaseRow Row(string name, PhaseSummary p)
    {
        double[] parts = [p.Generator, p.Blocked.MeanOfAll, p.Dns.MeanOfAll, p.Connecting.MeanOfAll, p.Tls.MeanOfAll, p.Sending.MeanOfAll, p.Waiting.MeanOfAll, p.Receiving.MeanOfAll];
        return new(name, parts.Sum(), parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6], parts[7]);
    }
}
