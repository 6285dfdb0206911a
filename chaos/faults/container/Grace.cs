using System.Globalization;
using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>The time that a container is given to end by itself before it is killed.</summary>
internal static class Grace
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>The argument.</summary>
    public static FaultParameter Parameter { get; } = new("grace", ParameterType.Duration, "how long it is given to end before it is killed, rounded up to whole seconds, 5m at the most", "10s");

    /// <summary>Reads it; null if it is too long or unreadable.</summary>
    public static TimeSpan? Of(JsonObject arguments) =>
        FaultArguments.Duration(arguments[Parameter.Name]?.ToString() ?? Parameter.Default) is { } grace && grace <= Longest ? grace : null;

    /// <summary>As the engine wants it in a request's path.</summary>
    public static string Query(TimeSpan grace) => $"t={Math.Ceiling(grace.TotalSeconds).ToString(CultureInfo.InvariantCulture)}";

    /// <summary>What is said of one that can't be had.</summary>
    public static Preparation.Refused Refusal(FaultOrder order) => new($"'{order.Arguments[Parameter.Name]}' is no grace for {order.Kind}.", "Give a time up to 5m: 10s.");
}
