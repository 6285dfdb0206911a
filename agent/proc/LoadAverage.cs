using Pressure.Record;

namespace Pressure.Agent;

/// <summary>Load averages, from <c>/proc/loadavg</c>.</summary>
internal static class LoadAverage
{
    public static LoadAverages Parse(string text)
    {
        var row = ProcTable.Rows(text).FirstOrDefault() ?? [];
        return new LoadAverages(ProcTable.Decimal(row, 0), ProcTable.Decimal(row, 1), ProcTable.Decimal(row, 2));
    }
}
