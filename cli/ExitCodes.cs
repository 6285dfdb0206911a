namespace Pressure.Cli;

/// <summary>Exit codes that do not come from a run's summary (those stand in <see cref="Reports.RunSummary.ExitCode"/>).</summary>
internal static class ExitCodes
{
    public const int Ok = 0;
    public const int InternalError = 1;
    public const int InvalidInput = 2;
    public const int Refused = 3;

    /// <summary>Something of a fault is left, or can't be told to be gone.</summary>
    public const int Left = 4;

    /// <summary>What was looked at is not as it should be.</summary>
    public const int NotHeld = 99;

    public const int Interrupted = 130;
}
