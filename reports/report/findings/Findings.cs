namespace Pressure.Reports;

/// <summary>Looks for what a reader should know. Each finding needs evidence in the record; the list is in order of weight.</summary>
internal static class Findings
{
    private static readonly IReadOnlyList<Func<ReportModel, IEnumerable<Finding>>> All =
    [
        One(ErrorSpell.Find),
        LostToChaos.Find,
        One(LostWorkers.Find),
        One(UnsentRequests.Find),
        One(LateRequests.Find),
        One(HiddenWaiting.Find),
        One(SlowingDown.Find),
        One(GcSpikes.Find, BottleneckClass.Program),
        One(model => WeakestService.Find(model.Measured)?.Sentence),
        BusyHost.Find,
        ContainerLimits.Find,
        FullMemory.Find,
        Swapping.Find,
        LostPackets.Find,
        RunQueues.Find,
        BusyDisk.Find,
        FullCollections.Find,
        StoppedWorld.Find,
        OldCycles.Find,
        One(LateGenerator.Find),
        One(SilentHosts.Find),
        One(TornData.Find),
    ];

    public static IReadOnlyList<Finding> Of(ReportModel model) => [.. All.SelectMany(find => find(model))];

    private static Func<ReportModel, IEnumerable<Finding>> One(Func<ReportModel, Sentence?> find, BottleneckClass? of = null) =>
        model => find(model) is { } sentence ? [new(sentence, of)] : [];
}
