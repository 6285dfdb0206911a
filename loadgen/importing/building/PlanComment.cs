using System.Text;

namespace Pressure.LoadGen.Importing;

/// <summary>The lines above an imported plan that say where it comes from.</summary>
internal static class PlanComment
{
    private const int MostLines = 60;
    private const int LongestLine = 300;

    public static string Of(ImportScope scope, string format)
    {
        var text = new StringBuilder();
        Line(text, $"Imported from {Path.GetFileName(scope.File)} ({format}).");
        foreach (var note in scope.Notes.Take(MostLines))
            Line(text, note);
        var left = scope.NotTaken.Sum(n => n.Count);
        if (left > 0)
            Line(text, $"Not taken over: {left:N0} {(left == 1 ? "thing" : "things")}; the import lists them.");
        return text.ToString();
    }

    private static void Line(StringBuilder text, string line)
    {
        var clean = string.Concat(line.Take(LongestLine).Select(c => char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' or '\ufeff' or '\ufffe' or '\uffff' ? '?' : c));
        text.Append("# ").Append(clean).Append('\n');
    }
}
