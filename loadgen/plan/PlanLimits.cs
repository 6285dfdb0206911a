namespace Pressure.LoadGen;

/// <summary>What is beyond these is taken for a slip of the pen.</summary>
public static class PlanLimits
{
    /// <summary>Requests per second.</summary>
    public const double HighestRate = 10_000_000;

    /// <summary>Requests of a whole run.</summary>
    public const long MostRequests = 10_000_000_000;

    /// <summary>Users of a closed load, each with a connection.</summary>
    public const int MostUsers = 60_000;

    /// <summary>Scenarios of a plan.</summary>
    public const int MostScenarios = 100;

    /// <summary>Distinct requests of a plan; each costs memory for its figures.</summary>
    public const int MostSteps = 1_000;

    /// <summary>Workers of a run.</summary>
    public const int MostWorkers = 1_000;

    /// <summary>Length of a load.</summary>
    public static readonly TimeSpan LongestDuration = TimeSpan.FromDays(30);
}
