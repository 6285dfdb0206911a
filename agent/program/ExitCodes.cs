namespace Pressure.Agent.Program;

/// <summary>What the program ends with.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;
    public const int Failed = 1;
    public const int InvalidInput = 2;
    public const int Refused = 3;
}
