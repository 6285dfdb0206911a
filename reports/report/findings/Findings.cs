namespace Pressure.Reports;

/// <summary>Looks for what a reader should know. Each finding needs evidence in the record; the list is in order of weight.</summary>
internal static class Findings
{
    private static readonly IReadOnlyList<Func<ReportModel, Sentence?>> All =
    [
        ErrorSpell.Find,
        UnsentRequests.Find,
        LateRequests.Find,
        HiddenWaiting.Find,
        SlowingDown.Find,
        GcSpikes.Find,
        model => WeakestService.Find(model.Measured)?.Sentence,
        BusyHost.Find,
        LateGenerator.Find,
        TornData.Find,
    ];

    public static IReadOnlyList<Sentence> Of(ReportModel model) => [.. All.Select(find => find(model)).OfType<Sentence>()];
}
