using Pressure.LoadGen;

namespace Pressure.Web.Forms;

/// <summary>The arithmetic of a form that may be half filled.</summary>
internal static class PageViewArithmetic
{
    /// <summary>The arithmetic as the plan reader reads the page-view inputs; null while they do not say enough.</summary>
    public static Arithmetic? Of(TestForm form) =>
        PlanReader.Parse(PlanOfForm.Write(form.ForArithmetic()), "plan").Plan is { Load: Load.FromPageViews { Views: var views } } plan
            ? new Arithmetic(views.Derive(), plan.Duration)
            : null;
}
