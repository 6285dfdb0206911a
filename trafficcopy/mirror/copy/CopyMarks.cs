namespace Pressure.Mirror;

/// <summary>Header fields by which the test target tells copies from other traffic.</summary>
public static class CopyMarks
{
    /// <summary>The mirror's id and the copy's number: <c>20261121-031500-mirror-4f2a-17</c>.</summary>
    public const string Mirror = "X-Pressure-Mirror";

    /// <summary>The mirror's id, as of any run.</summary>
    public const string Run = "X-Pressure-Run";

    internal const string Baggage = "baggage";
}
