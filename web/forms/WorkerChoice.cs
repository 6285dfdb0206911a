using Pressure.Cluster;
using Pressure.LoadGen;
using Pressure.Web.Workers;

namespace Pressure.Web.Forms;

/// <summary>The form's slider: how many machines make the load. 1 is this machine, without workers.</summary>
/// <param name="Offered">Whether there is anything to choose, or the form has chosen already.</param>
/// <param name="Most">The slider's right end: as many as there are, or as the form has chosen.</param>
/// <param name="There">Workers that are there now.</param>
/// <param name="Free">Of them, those without work.</param>
/// <param name="Regions">Regions of those that are there, with their number.</param>
internal sealed record WorkerChoice(bool Offered, int Most, int There, int Free, IReadOnlyList<(string Region, int Count)> Regions)
{
    public const string Input = "workers";

    /// <summary>What stands for this machine alone.</summary>
    public const string ThisMachine = "1";

    public static WorkerChoice Of(TestForm form, IWorkerDirectory workers)
    {
        IReadOnlyList<WorkerCard> there = workers.HasBroker ? workers.Workers : [];
        var chosen = int.TryParse(form[Input].Trim(), out var number) ? Math.Clamp(number, 1, PlanLimits.MostWorkers) : 1;
        return new(
            workers.HasBroker || chosen > 1,
            Math.Max(Math.Max(2, there.Count), chosen),
            there.Count,
            there.Count(w => w.Run is null),
            [.. there.Where(w => w.Region.Length > 0).GroupBy(w => w.Region).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, g.Count()))]);
    }

    /// <summary>The field of the plan; null for this machine.</summary>
    public static string? PlanField(TestForm form) => form[Input].Trim() is var typed && typed is "" or ThisMachine ? null : typed;
}
