using System.Globalization;

namespace Pressure.Agent;

/// <summary>Which servers' traffic the owner of a host lets the service look at: <c>--allow-capture 80,443</c>, or <c>any</c>. Without it nothing is captured from afar.</summary>
/// <param name="Ports">The ports; empty for all.</param>
public sealed record CapturePermission(IReadOnlyList<int> Ports)
{
    private const int Most = 64;

    /// <summary>Reads it as it is written; null when it can't be understood.</summary>
    public static CapturePermission? Parse(string text)
    {
        if (text == "any")
            return new([]);
        var ports = new List<int>();
        foreach (var part in text.Split(','))
        {
            if (!int.TryParse(part.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65_535)
                return null;
            ports.Add(port);
        }

        return ports.Count <= Most ? new([.. ports.Distinct().Order()]) : null;
    }

    /// <summary>The same, as it is written.</summary>
    public override string ToString() => Ports.Count == 0 ? "any" : string.Join(',', Ports);

    /// <summary>The ports to look at when some are asked for; null when one of them is not allowed.</summary>
    public IReadOnlyList<int>? Of(IReadOnlyList<int> asked) =>
        Ports.Count == 0 ? asked : asked.Count == 0 ? Ports : asked.All(Ports.Contains) ? asked : null;
}
