namespace Pressure.Chaos;

/// <summary>The run folder of a drill, as the desk needs it.</summary>
public interface IDrillRecord : IChaosTimeline, IDisposable
{
    /// <summary>Its run's id.</summary>
    string Id { get; }

    /// <summary>Says that it can't be written any more.</summary>
    CancellationToken Lost { get; }

    /// <summary>The drill is over.</summary>
    void Complete();
}
