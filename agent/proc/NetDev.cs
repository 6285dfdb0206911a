namespace Pressure.Agent;

/// <summary>Bytes over each network interface, from <c>/proc/net/dev</c>.</summary>
internal static class NetDev
{
    private const int Received = 0, Sent = 8;

    public static ByteCounters Parse(string text)
    {
        var interfaces = new Dictionary<string, (ulong In, ulong Out)>();
        foreach (var line in text.Split('\n'))
        {
            // The name ends at the last colon before the numbers (an alias has one itself); old kernels put no blank behind it.
            var colon = line.LastIndexOf(':');
            if (colon < 0)
                continue;
            var fields = line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            interfaces[line[..colon].Trim()] = (ProcTable.Number(fields, Received), ProcTable.Number(fields, Sent));
        }
        return new ByteCounters(interfaces);
    }
}
