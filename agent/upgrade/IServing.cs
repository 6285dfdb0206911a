namespace Pressure.Agent;

/// <summary>An agent at work, as an upgrade sees it.</summary>
public interface IServing
{
    /// <summary>Stops sampling and lets go of the ring, so that a successor can take both over. Commands under way go on; no new one is taken.</summary>
    Task ReleaseAsync();

    /// <summary>Takes the ring and samples again, as before: the successor is gone.</summary>
    Task ResumeAsync();

    /// <summary>Leaves for good when the commands under way have ended.</summary>
    void Leave();
}
