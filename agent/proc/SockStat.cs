namespace Pressure.Agent;

/// <summary>Sockets in use, from <c>/proc/net/sockstat</c>: its first line counts all families, IPv6 and Unix included.</summary>
internal static class SockStat
{
    public static int Parse(string text)
    {
        var row = ProcTable.Rows(text).FirstOrDefault(row => row[0] == "sockets:") ?? [];
        return (int)Math.Min(ProcTable.Number(row, 2), int.MaxValue);
    }
}
