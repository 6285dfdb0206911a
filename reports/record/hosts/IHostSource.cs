namespace Pressure.Record;

/// <summary>Something that samples a host once a second; declared here because run coordinators and agents meet only in the record.</summary>
public interface IHostSource
{
    /// <summary>The host's name as the plan has it.</summary>
    string Host { get; }

    /// <summary>A sample over the time since the last call; null when there is nothing to compare with yet (the first call).</summary>
    HostSample? Sample(TimeSpan at);
}
