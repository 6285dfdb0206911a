using Pressure.Record;

namespace Pressure.Reports;

/// <summary>Requests that began long after they were due, and whether they lacked a connection or the generator time.</summary>
internal static class LateRequests
{
    private const double Share = 0.01;

    public static Sentence? Find(ReportModel model)
    {
        var (late, sent) = (model.Total.Late, model.Total.Sent);
        if (late < Share * sent || late == 0)
            return null;
        var blocked = model.Total.Phases[RequestPhase.Blocked]?.Count ?? 0;
        var key = blocked >= late / 2 ? "finding.late.blocked" : "finding.late";
        return new Sentence(key, Figures.Count(late), Figures.Share((double)late / sent), Figures.Duration(RequestInterval.LateLimit.TotalMilliseconds));
    }
}
