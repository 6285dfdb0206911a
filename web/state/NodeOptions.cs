namespace Pressure.Web.State;

/// <summary>What makes a service one node of several.</summary>
/// <param name="Database">What they share.</param>
public sealed record NodeOptions(DatabaseAddress Database)
{
    /// <summary>Where other nodes reach this one: <c>http://10.0.0.7:5100</c>; null for the address that it listens on.</summary>
    public string? Advertise { get; init; }
}
