using Pressure.LoadGen;

namespace Pressure.Web.Api;

/// <summary>A problem of a plan as the API shows it.</summary>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
/// <param name="Field">Path of the field: <c>scenarios[0].steps[1].get</c>.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to do.</param>
internal sealed record PlanProblemView(int Line, int Column, string Field, string Message, string Remedy)
{
    public static IReadOnlyList<PlanProblemView> Of(IEnumerable<PlanProblem> problems) =>
        [.. problems.Select(p => new PlanProblemView(p.Line, p.Column, p.Field, p.Message, p.Remedy))];
}
