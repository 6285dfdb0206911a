using System.Globalization;
using Pressure.Record;

namespace Pressure.Cli.ConsoleOutput;

/// <summary>The page-view arithmetic in a few lines.</summary>
internal static class PageViewText
{
    public static void Write(PageViewManifest pv, TextWriter to)
    {
        to.WriteLine($"{N(pv.PerDay)} page views a day x {N(pv.RequestsPerPage)} requests a page = {N(pv.PerDay * pv.RequestsPerPage)} requests a day");
        to.WriteLine($"{N(pv.Share * 100)} % of them in {N(pv.Window * 100)} % of the day: {N(pv.PerDay * pv.RequestsPerPage * pv.Share)} requests in {N(pv.DaySeconds * pv.Window)} s");
        if (!pv.Event.Equals(1))
            to.WriteLine($"x {N(pv.Event)} for the event");
        to.WriteLine($"= {N(pv.Qps)} requests per second, so press {N(pv.TargetQps)} QPS");
        if (pv.Machines is { } machines)
            to.WriteLine($"At {N(pv.PerMachineQps!.Value)} QPS a machine: {machines} {(machines == 1 ? "machine" : "machines")}");
    }

    private static string N(double value) => value.ToString("#,##0.##", CultureInfo.InvariantCulture);
}
