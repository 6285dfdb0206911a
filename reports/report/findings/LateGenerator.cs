namespace Pressure.Reports;

/// <summary>The generator's own lateness, once it is large enough to be seen in response times.</summary>
internal static class LateGenerator
{
    private const double Milliseconds = 5;

    public static Sentence? Find(ReportModel model) => model.Summary.Generator is { LateP99: > Milliseconds } g
        ? new Sentence(Key(model.Saturation), Figures.Duration(g.LateP99))
        : null;

    private static string Key(Saturation? saturation) => saturation switch
    {
        null => "finding.generatorLate",
        { BusyMachine: null } => "finding.generatorSaturated",
        _ => "finding.generatorStarved",
    };
}
