using System.Globalization;

namespace Pressure.Agent;

/// <summary>Text from <c>/proc</c> as rows of fields. What is missing or no number reads as zero: kernels add and leave out fields.</summary>
internal static class ProcTable
{
    private static readonly char[] Blanks = [' ', '\t'];

    public static IEnumerable<string[]> Rows(string text) =>
        text.Split('\n').Select(line => line.Split(Blanks, StringSplitOptions.RemoveEmptyEntries)).Where(row => row.Length > 0);

    public static ulong Number(string[] row, int field) =>
        field < row.Length && ulong.TryParse(row[field], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;

    public static double Decimal(string[] row, int field) =>
        field < row.Length && double.TryParse(row[field], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ? value : 0;
}
