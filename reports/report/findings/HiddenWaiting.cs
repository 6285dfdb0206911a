namespace Pressure.Reports;

/// <summary>Coordinated omission: users waited far longer than the single requests took, which a closed-model tool would not have seen.</summary>
internal static class HiddenWaiting
{
    private const double Ratio = 2;
    private const double Milliseconds = 20;

    public static Sentence? Find(ReportModel model)
    {
        var (response, service) = (model.Summary.ResponseTime.P99, model.Summary.ServiceTime.P99);
        return response > service * Ratio && response - service > Milliseconds
            ? new Sentence("finding.hiddenWaiting", Figures.Duration(response), Figures.Duration(service))
            : null;
    }
}
