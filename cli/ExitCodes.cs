namespace Pressure.Cli;

/// <summary>Exit codes that do not come from a run's summary (those stand in <see cref="Reports.RunSummary.ExitCode"/>).</summary>
internal static class ExitCodes
{
    public const int Ok = 0;
    public const int InternalError = 1;
    public const int InvalidInput = 2;
    public const int Refused = 3;
    public const int Interrupted = 130;
}
