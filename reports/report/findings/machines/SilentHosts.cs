namespace Pressure.Reports;

/// <summary>Hosts of which nothing was known for a while, or at all.</summary>
internal static class SilentHosts
{
    private const double LeastSeconds = 3;

    public static Sentence? Find(ReportModel model)
    {
        List<string> said =
        [
            .. model.Summary.SilentHosts.Select(h => HostSection.Title(h, model)),
            .. model.Summary.Hosts.Where(h => h.Gaps.Seconds >= LeastSeconds).OrderByDescending(h => h.Gaps.Seconds)
                .Select(h => $"{HostSection.Title(h.Name, model)} ({Figures.Span(TimeSpan.FromSeconds(h.Gaps.Seconds))})"),
        ];
        return said.Count == 0 ? null : new Sentence("finding.silent", Finding.Names(said));
    }
}
