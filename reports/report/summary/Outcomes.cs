using Pressure.Record;

namespace Pressure.Reports;

/// <summary>Statuses and errors with their counts, named as in <c>summary.json</c>.</summary>
internal static class Outcomes
{
    public static SortedDictionary<string, long> Statuses(RequestInterval total) =>
        new(total.Statuses().ToDictionary(s => s.Status.ToString("000"), s => s.Count), StringComparer.Ordinal);

    /// <summary>Most frequent first.</summary>
    public static Dictionary<string, long> Errors(RequestInterval total) =>
        total.Errors().OrderByDescending(e => e.Count).ToDictionary(e => Name(e.Error), e => e.Count);

    /// <summary>The error's name in camel case.</summary>
    public static string Name(RequestError error) => error.CamelName();
}
