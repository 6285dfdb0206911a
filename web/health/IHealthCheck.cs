namespace Pressure.Web.Health;

/// <summary>Looks at one thing that the service can't do without. May take its time; whoever asks waits no longer than it likes.</summary>
internal interface IHealthCheck
{
    /// <summary>What it looks at, in one lower-case word.</summary>
    string Name { get; }

    /// <summary>How that stands.</summary>
    Task<HealthFinding> CheckAsync();
}

/// <summary>What a check found.</summary>
/// <param name="Level">How bad it is.</param>
/// <param name="Detail">One English line for people.</param>
internal sealed record HealthFinding(HealthLevel Level, string Detail);

/// <summary>How bad something is; later is worse.</summary>
internal enum HealthLevel
{
    /// <summary>All is well.</summary>
    Ok,

    /// <summary>Somebody should look, but the service does what it is for.</summary>
    Warning,

    /// <summary>The service can't do what it is for.</summary>
    Failing,
}
