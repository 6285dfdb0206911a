namespace Pressure.LoadGen;

/// <summary>Little's law: requests in flight = rate x time in the system.</summary>
public static class LittlesLaw
{
    /// <summary>Requests in flight on average at a rate (requests per second) and a mean response time.</summary>
    public static double InFlight(double ratePerSecond, TimeSpan responseTime) => ratePerSecond * responseTime.TotalSeconds;
}
