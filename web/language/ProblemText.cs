using Pressure.LoadGen;
using Pressure.Web.Forms;

namespace Pressure.Web.Language;

/// <summary>A plan's problems in the visitor's language. The reader's own words are English; in Chinese each input's own sentence leads.</summary>
internal static class ProblemText
{
    public static string Of(PlanProblem problem, Texts t)
    {
        var key = $"wrong.{InputOfField.KindOf(problem.Field)}";
        return t.With(t.Has(key) ? key : "wrong.other", $"{Capitalized(problem.Message)}. {problem.Remedy}");
    }

    /// <summary>What the form calls the field; empty for those that it does not have.</summary>
    public static string LabelOf(PlanProblem problem, Texts t) => t.Or($"field.{InputOfField.KindOf(problem.Field)}", "");

    private static string Capitalized(string message) => message.Length == 0 ? message : char.ToUpperInvariant(message[0]) + message[1..];
}
