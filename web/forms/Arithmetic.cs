using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;
using Pressure.Web.Language;

namespace Pressure.Web.Forms;

/// <summary>The page-view arithmetic step by step, from the operands and results of <see cref="PageViews.Derive"/>.</summary>
internal sealed class Arithmetic(PageViewManifest derived, TimeSpan length)
{
    public double TargetQps => derived.TargetQps;

    /// <summary>How long the test lasts.</summary>
    public TimeSpan Length => length;

    /// <summary>Requests of the whole test.</summary>
    public double Total => Math.Ceiling(derived.TargetQps * length.TotalSeconds);

    /// <summary>The steps; a factor of 1 changes nothing and is left out.</summary>
    public IEnumerable<(string What, string Calculation)> Steps(Texts t)
    {
        var busyViews = derived.PerDay * derived.Share;
        var busySeconds = derived.DaySeconds * derived.Window;
        var rate = busyViews / busySeconds;
        yield return (t["pv.step.views"], $"{N(derived.PerDay)} × {Figures.Share(derived.Share)} = {N(busyViews)}");
        yield return (t["pv.step.window"], $"{N(derived.DaySeconds / 3600)} h × {Figures.Share(derived.Window)} = {N(busySeconds / 3600)} h = {N(busySeconds)} s");
        yield return (t["pv.step.rate"], $"{N(busyViews)} ÷ {N(busySeconds)} = {N(rate)}/s");
        if (!derived.RequestsPerPage.Equals(1))
            yield return (t["pv.step.requests"], $"{N(rate)} × {N(derived.RequestsPerPage)} = {N(rate *= derived.RequestsPerPage)}/s");
        if (!derived.Event.Equals(1))
            yield return (t["pv.step.event"], $"{N(rate)} × {N(derived.Event)} = {N(derived.Qps)}/s");
        yield return (t["pv.step.up"], $"{N(derived.Qps)} → {N(derived.TargetQps)}/s");
    }

    private static string N(double value) => Figures.Number(value);
}
