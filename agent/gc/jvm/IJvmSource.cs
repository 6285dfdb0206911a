namespace Pressure.Agent;

/// <summary>Somewhere that a JVM's collections can be seen.</summary>
internal interface IJvmSource : IDisposable
{
    /// <summary>Hands on what has happened since the last look. False while there is nothing to look at.</summary>
    bool Look();
}
